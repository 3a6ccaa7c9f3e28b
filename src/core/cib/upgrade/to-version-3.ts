import { optionNamed } from '../../model/options/registry.ts';
import { append, changeAt } from '../../xml/edit.ts';
import {
  attribute,
  element,
  withAttribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from '../../xml/element.ts';
import { pathOfSection, withSection } from '../sections.ts';
import { withCurrentOperations } from './operations-of-version-3.ts';
import { withCurrentOptions } from './resource-options-of-version-3.ts';
import { rewrite } from './rewrite.ts';

/** Version 3 knows each option by one name, and defaults of resources and operations in sections of their own. */
export function toVersion3(cib: XmlElement): XmlElement {
  const referenced = new Set<string>();
  noteReferences(cib, referenced);
  const moved = moveDefaults(rewriteProperties(cib));
  return rewrite(moved, one => {
    switch (one.name) {
      case 'node':
        return attribute(one, 'type') === 'normal' ? withAttribute(one, 'type', 'member') : one;
      case 'rsc_colocation':
        return withAttributes(one, { 'score-attribute': undefined, 'score-attribute-mangle': undefined });
      case 'primitive':
      case 'template':
        return withCurrentOperations(withCurrentOptions(one), referenced);
      default:
        return one;
    }
  });
}

function noteReferences(one: XmlElement, to: Set<string>): void {
  const id = attribute(one, 'id-ref');
  if (id !== undefined) to.add(id);
  for (const child of one.children) noteReferences(child, to);
}

/** Options that nothing reads any more. */
const DROPPED: ReadonlySet<string> = new Set([
  'expected-quorum-votes',
  'notification-agent',
  'notification-recipient',
  'default-migration-threshold',
]);

const OLD_INFRASTRUCTURE: ReadonlySet<string> = new Set([
  'heartbeat',
  'openais',
  'classic openais',
  'classic openais (with plugin)',
  'cman',
]);

interface Destination {
  readonly section: 'rsc_defaults' | 'op_defaults';
  readonly name: string;
  /** Only this value has a meaning today, and then this one. */
  readonly values?: readonly [from: string, to: string];
}

const MOVED: Readonly<Record<string, Destination>> = {
  'default-resource-stickiness': { section: 'rsc_defaults', name: 'resource-stickiness' },
  'is-managed-default': { section: 'rsc_defaults', name: 'is-managed' },
  'default-action-timeout': { section: 'op_defaults', name: 'timeout' },
  'default-resource-failure-stickiness': {
    section: 'rsc_defaults',
    name: 'migration-threshold',
    values: ['-INFINITY', '1'],
  },
};

/** Spellings with underscores are those of known options only: others are the administrator's own. */
function currentName(name: string): string {
  if (name === 'transition_idle_timeout') return 'cluster-delay';
  const dashed = name.replaceAll('_', '-');
  const isKnown = optionNamed('cluster', dashed) !== undefined || dashed in MOVED || DROPPED.has(dashed);
  return isKnown ? dashed : name;
}

const rewriteProperties = (cib: XmlElement): XmlElement =>
  rewrite(cib, one =>
    one.name === 'cluster_property_set' ? withChildren(one, one.children.flatMap(rewriteProperty)) : one,
  );

function rewriteProperty(pair: XmlElement): readonly XmlElement[] {
  const written = attribute(pair, 'name');
  if (pair.name !== 'nvpair' || written === undefined) return [pair];
  const name = currentName(written);
  const value = attribute(pair, 'value') ?? '';
  if (DROPPED.has(name) || (name === 'cluster-infrastructure' && OLD_INFRASTRUCTURE.has(value))) return [];
  return [withAttribute(pair, 'name', name)];
}

function moveDefaults(cib: XmlElement): XmlElement {
  const moved = new Map<Destination['section'], XmlElement[]>();
  const rest = rewrite(cib, one => {
    if (one.name !== 'cluster_property_set') return one;
    const kept = one.children.filter(pair => {
      const to = MOVED[attribute(pair, 'name') ?? ''];
      if (to === undefined) return true;
      const value = movedValue(to, attribute(pair, 'value') ?? '');
      if (value === undefined) return false;
      const renamed = withAttributes(pair, { name: to.name, value });
      moved.set(to.section, [...(moved.get(to.section) ?? []), renamed]);
      return false;
    });
    return kept.length === one.children.length ? one : withChildren(one, kept);
  });
  return [...moved].reduce((document, [section, pairs]) => addDefaults(document, section, pairs), rest);
}

const movedValue = ({ values }: Destination, value: string): string | undefined =>
  values === undefined ? value : value === values[0] ? values[1] : undefined;

function addDefaults(
  cib: XmlElement,
  section: Destination['section'],
  pairs: readonly XmlElement[],
): XmlElement {
  const whole = withSection(cib, section);
  const id = `_2TO3_-${section.replace('_', '-')}`;
  return changeAt(whole, pathOfSection(whole, section) ?? [], one =>
    append(one, element('meta_attributes', { id }, pairs)),
  );
}
