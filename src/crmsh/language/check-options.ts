/** Whether properties and meta attributes are known, and their values what they must be. */
import { isValidOption, optionNamed } from '../../core/model/options/registry.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';
import type { Finding } from './check.ts';
import { type CrmObject, isResource } from './objects.ts';

/** What is said of the cluster's own options; other sets are for agents to keep things in. */
const CLUSTER_SET = 'cib-bootstrap-options';

export function checkOptions(objects: readonly CrmObject[]): readonly Finding[] {
  return objects.flatMap(object => {
    if (object.kind === 'property') {
      return object.id === CLUSTER_SET ? checkSet(object, object.element, 'cluster') : [];
    }
    if (object.kind === 'rsc_defaults') return checkSet(object, object.element, 'resource');
    if (!isResource(object.kind) && object.kind !== 'rsc_template') return [];
    const sets = object.element.children.filter(one => one.name === 'meta_attributes');
    return sets.flatMap(set => checkSet(object, set, 'resource'));
  });
}

function checkSet(object: CrmObject, set: XmlElement, scope: 'cluster' | 'resource'): readonly Finding[] {
  const findings: Finding[] = [];
  for (const pair of set.children) {
    const name = pair.name === 'nvpair' ? attribute(pair, 'name') : undefined;
    const value = attribute(pair, 'value');
    if (name === undefined) continue;
    const option = optionNamed(scope, name);
    if (option === undefined) {
      const what = scope === 'cluster' ? 'option of the cluster' : 'meta attribute';
      findings.push({ severity: 'warning', object: object.id, message: `there is no ${what} ${name}` });
    } else if (value !== undefined && !isValidOption(option, value)) {
      const kind = option.values === undefined ? `a ${option.type}` : `one of ${option.values.join(', ')}`;
      findings.push({
        severity: 'warning',
        object: object.id,
        message: `${name}="${value}": it must be ${kind}`,
      });
    }
  }
  return findings;
}
