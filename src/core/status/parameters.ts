import { type RuleReader, readAttributeSets } from './nvpairs.ts';
import type { Nested } from './operations.ts';

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
