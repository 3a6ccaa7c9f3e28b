/**
 * What is valid and yet makes no sense: values that no option has, references to what is no resource, fencing that
 * is wanted and not there. A cluster goes on in spite of it, so a write is not refused for it.
 */

import { parseBoolean } from '../../model/boolean.ts';
import { isValidOption, optionNamed } from '../../model/options/registry.ts';
import { attribute, childrenNamed, idOf, walk, type XmlElement } from '../../xml/element.ts';
import { sectionOf } from '../document.ts';
import { type IdIndex, idIndex } from '../id-index.ts';

export interface Remark {
  readonly level: 'error' | 'warning';
  readonly message: string;
  /** Id of the element that is meant. */
  readonly element?: string;
  readonly line?: number;
}

export const checkMeaning = (cib: XmlElement): readonly Remark[] => [
  ...checkOptions(cib),
  ...checkFencing(cib),
  ...checkTargetRoles(cib),
  ...checkConstraints(cib),
];

const remark = (at: XmlElement, message: string): Remark => {
  const id = idOf(at);
  return {
    level: 'error',
    message,
    ...(id === undefined ? {} : { element: id }),
    ...(at.line === undefined ? {} : { line: at.line }),
  };
};

const clusterPairs = (cib: XmlElement): readonly XmlElement[] =>
  childrenNamed(sectionOf(cib, 'crm_config') ?? cib, 'cluster_property_set').flatMap(set =>
    childrenNamed(set, 'nvpair'),
  );

function checkOptions(cib: XmlElement): readonly Remark[] {
  return clusterPairs(cib).flatMap(pair => {
    const [name, value] = [attribute(pair, 'name') ?? '', attribute(pair, 'value')];
    const option = optionNamed('cluster', name);
    if (option === undefined || value === undefined || isValidOption(option, value)) return [];
    const message = `Using default value for cluster option '${name}' because '${value}' is invalid`;
    return [remark(pair, message)];
  });
}

const RESOURCES: ReadonlySet<string> = new Set(['primitive', 'group', 'clone', 'master', 'bundle']);

function* resourcesOf(cib: XmlElement): Generator<XmlElement> {
  const section = sectionOf(cib, 'resources');
  if (section === undefined) return;
  for (const one of walk(section)) if (RESOURCES.has(one.name)) yield one;
}

/** The agent's standard, which a primitive may have from its template. */
function standardOf(primitive: XmlElement, ids: IdIndex): string | undefined {
  const template = ids.get(attribute(primitive, 'template') ?? '');
  return attribute(primitive, 'class') ?? (template && attribute(template, 'class'));
}

function checkFencing(cib: XmlElement): readonly Remark[] {
  const resources = [...resourcesOf(cib)];
  const switches = clusterPairs(cib).filter(pair =>
    ['stonith-enabled', 'fencing-enabled'].includes(attribute(pair, 'name') ?? ''),
  );
  const isOff = switches.some(pair => parseBoolean(attribute(pair, 'value') ?? '') === false);
  const ids = idIndex(cib);
  const hasDevice = resources.some(one => standardOf(one, ids) === 'stonith');
  if (isOff || hasDevice || resources.length === 0) return [];
  return [
    'Resource start-up disabled since no STONITH resources have been defined',
    'Either configure some or disable STONITH with the stonith-enabled option',
    'NOTE: Clusters with shared data need STONITH to ensure data integrity',
  ].map(message => ({ level: 'error', message }));
}

const ROLES: ReadonlySet<string> = new Set([
  'started',
  'stopped',
  'slave',
  'unpromoted',
  'master',
  'promoted',
]);
const PROMOTED: ReadonlySet<string> = new Set(['slave', 'unpromoted', 'master', 'promoted']);

function checkTargetRoles(cib: XmlElement): readonly Remark[] {
  const remarks: Remark[] = [];
  const visit = (resource: XmlElement, isPromotable: boolean): void => {
    const may = isPromotable || resource.name === 'bundle' || isPromotableClone(resource);
    for (const pair of metaPairs(resource, 'target-role')) {
      const value = attribute(pair, 'value') ?? '';
      const role = value.toLowerCase();
      const about = `Ignoring 'target-role' for ${idOf(resource)} because '${value}'`;
      if (!ROLES.has(role)) remarks.push(remark(pair, `${about} is not valid`));
      else if (PROMOTED.has(role) && !may) {
        remarks.push(remark(pair, `${about} only makes sense for promotable clones`));
      }
    }
    for (const below of resource.children) if (RESOURCES.has(below.name)) visit(below, may);
  };
  for (const one of sectionOf(cib, 'resources')?.children ?? [])
    if (RESOURCES.has(one.name)) visit(one, false);
  return remarks;
}

const metaPairs = (resource: XmlElement, name: string): readonly XmlElement[] =>
  childrenNamed(resource, 'meta_attributes')
    .flatMap(set => childrenNamed(set, 'nvpair'))
    .filter(pair => attribute(pair, 'name') === name);

const isPromotableClone = (resource: XmlElement): boolean =>
  resource.name === 'master' ||
  metaPairs(resource, 'promotable').some(pair => parseBoolean(attribute(pair, 'value') ?? '') === true);

const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  rsc_location: ['rsc'],
  rsc_colocation: ['rsc', 'with-rsc'],
  rsc_order: ['first', 'then'],
  rsc_ticket: ['rsc'],
};

function checkConstraints(cib: XmlElement): readonly Remark[] {
  const ids = idIndex(cib);
  const isPlaceable = (id: string): boolean => {
    const name = ids.get(id)?.name ?? '';
    return RESOURCES.has(name) || name === 'template' || name === 'tag';
  };
  return (sectionOf(cib, 'constraints')?.children ?? []).flatMap(constraint => {
    const direct = (NAMED_BY[constraint.name] ?? []).map(name => attribute(constraint, name));
    const inSets = childrenNamed(constraint, 'resource_set').flatMap(set =>
      childrenNamed(set, 'resource_ref').map(idOf),
    );
    return [...direct, ...inSets].flatMap(id =>
      id === undefined || isPlaceable(id)
        ? []
        : [
            remark(
              constraint,
              `Ignoring constraint '${idOf(constraint)}' because '${id}' is not a valid resource or tag`,
            ),
          ],
    );
  });
}
