import { optionNamed } from '../../model/options/registry.ts';
import { append, changeAt } from '../../xml/edit.ts';
import {
  attribute,
  childrenNamed,
  element,
  idOf,
  withAttribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from '../../xml/element.ts';
import { pathOfSection, withSection } from '../sections.ts';
import { rewrite } from './rewrite.ts';

/** Version 3 knows each option by one name, and defaults of resources and operations in sections of their own. */
export function toVersion3(cib: XmlElement): XmlElement {
  const moved = moveDefaults(rewriteProperties(cib));
  return rewrite(moved, one => {
    switch (one.name) {
      case 'node':
        return attribute(one, 'type') === 'normal' ? withAttribute(one, 'type', 'member') : one;
      case 'primitive':
      case 'template':
        return moveRequires(attribute(one, 'class') === 'stonith' ? renameFencingParameters(one) : one);
      default:
        return one;
    }
  });
}

/** Options that nothing reads any more. */
const DROPPED: ReadonlySet<string> = new Set([
  'expected-quorum-votes',
  'notification-agent',
  'notification-recipient',
  'default-migration-threshold',
]);

const OLD_INFRASTRUCTURE: ReadonlySet<string> = new Set(['heartbeat', 'openais', 'classic openais', 'cman']);

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

function renameFencingParameters(device: XmlElement): XmlElement {
  return rewrite(device, pair => {
    const name = attribute(pair, 'name');
    if (pair.name !== 'nvpair' || name === undefined) return pair;
    const command = /^pcmk_(\w+)_cmd$/.exec(name)?.[1];
    if (command !== undefined) return withAttribute(pair, 'name', `pcmk_${command}_action`);
    const map = name === 'pcmk_arg_map' ? /^port:(\S+)/.exec(attribute(pair, 'value') ?? '')?.[1] : undefined;
    return map === undefined ? pair : withAttributes(pair, { name: 'pcmk_host_argument', value: map });
  });
}

/** What the start required is what the resource requires; of other operations it meant nothing. */
function moveRequires(resource: XmlElement): XmlElement {
  const operations = childrenNamed(resource, 'operations').flatMap(one => childrenNamed(one, 'op'));
  const withRequires = operations.filter(op => attribute(op, 'requires') !== undefined);
  if (withRequires.length === 0) return resource;
  const stripped = rewrite(resource, one =>
    one.name === 'op' ? withAttribute(one, 'requires', undefined) : one,
  );
  const start = withRequires.find(op => attribute(op, 'name') === 'start');
  if (start === undefined) return stripped;
  const set = childrenNamed(resource, 'meta_attributes')[0];
  const id = `_2TO3_${(set && idOf(set)) ?? `${idOf(resource)}-meta`}`;
  const pair = element('nvpair', {
    id: `_2TO3_${idOf(start)}-meta-requires`,
    name: 'requires',
    value: attribute(start, 'requires'),
  });
  return append(stripped, element('meta_attributes', { id }, [pair]));
}
