import { hasPlainNvpairs } from '../cib/nvpairs.ts';
import { type RuleReader, readAttributeSets } from './nvpairs.ts';
import type { Nested } from './operations.ts';

/** Whether instance attributes hold wherever and whenever they are read: no rule and no reference has a part in them. */
export function hasPlainParameters(resource: Nested): boolean {
  for (let at: Nested | undefined = resource; at !== undefined; at = at.parent) {
    if (!hasPlainNvpairs(at.xml, 'instance_attributes')) return false;
  }
  return true;
}

/** Instance attributes as they hold on a node: the resource's own, then those of what it is in. */
export function parametersOn(
  { rules }: { readonly rules: RuleReader },
  resource: Nested,
  node: { readonly attributes: ReadonlyMap<string, string> } | undefined,
): Map<string, string> {
  const parameters = new Map<string, string>();
  const subject = node === undefined ? {} : { nodeAttributes: node.attributes };
  for (let at: Nested | undefined = resource; at !== undefined; at = at.parent) {
    readAttributeSets(rules, at.xml, 'instance_attributes', parameters, subject);
  }
  return parameters;
}
