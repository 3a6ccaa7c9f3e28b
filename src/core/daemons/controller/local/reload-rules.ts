/** What an agent's metadata says of its parameters: which of them can change without a restart, which are secret. */
import { parseBoolean } from '../../../model/boolean.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../../../xml/element.ts';
import { parseXml } from '../../../xml/parse.ts';
import type { ReloadRules } from '../state.ts';

/**
 * An agent of OCF 1.1 that has `reload-agent` names the parameters that it can reload; an older one that has
 * `reload` is taken to reload all that are not `unique`.
 */
export function parseReloadRules(metadata: string): ReloadRules {
  const parsed = parseXml(metadata);
  if (!parsed.ok) return { private: [] };
  const parameters = childrenOf(parsed.root, 'parameters', 'parameter');
  const actions = new Set(childrenOf(parsed.root, 'actions', 'action').map(one => attribute(one, 'name')));
  const named = (isMeant: (one: XmlElement) => boolean): readonly string[] =>
    parameters.filter(isMeant).flatMap(one => attribute(one, 'name') ?? []);
  const secret = named(one => parseBoolean(attribute(one, 'private')) === true);
  if (actions.has('reload-agent')) {
    return {
      restart: named(one => parseBoolean(attribute(one, 'reloadable')) !== true),
      private: secret,
    };
  }
  if (actions.has('reload')) {
    return { restart: named(one => parseBoolean(attribute(one, 'unique')) === true), private: secret };
  }
  return { private: secret };
}

function childrenOf(root: XmlElement, list: string, name: string): readonly XmlElement[] {
  const found = child(root, list);
  return found === undefined ? [] : childrenNamed(found, name);
}
