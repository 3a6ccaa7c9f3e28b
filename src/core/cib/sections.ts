import { append } from '../xml/edit.ts';
import { child, element, type XmlElement } from '../xml/element.ts';
import type { TreePath } from '../xml/select.ts';

const IN_CONFIGURATION: ReadonlySet<string> = new Set([
  'crm_config',
  'nodes',
  'resources',
  'constraints',
  'rsc_defaults',
  'op_defaults',
  'fencing-topology',
  'acls',
  'tags',
  'alerts',
]);

export const isSection = (name: string): boolean =>
  name === 'configuration' || name === 'status' || IN_CONFIGURATION.has(name);

/** Where a section stands; `cib` (or no name) is the whole. `undefined`: not there, or no section's name. */
export function pathOfSection(cib: XmlElement, name: string | undefined): TreePath | undefined {
  if (name === undefined || name === 'cib') return [];
  if (!isSection(name)) return undefined;
  if (name === 'configuration' || name === 'status') return below(cib, name);
  const configuration = below(cib, 'configuration');
  const parent = child(cib, 'configuration');
  if (configuration === undefined || parent === undefined) return undefined;
  const section = below(parent, name);
  return section === undefined ? undefined : [...configuration, ...section];
}

function below(parent: XmlElement, name: string): TreePath | undefined {
  const at = parent.children.findIndex(one => one.name === name);
  return at < 0 ? undefined : [at];
}

/** The document with the section, which is made, empty, if it is missing. */
export function withSection(cib: XmlElement, name: string): XmlElement {
  if (pathOfSection(cib, name) !== undefined || !isSection(name)) return cib;
  if (!IN_CONFIGURATION.has(name)) return append(cib, element(name));
  const whole = withSection(cib, 'configuration');
  return {
    ...whole,
    children: whole.children.map(one => (one.name === 'configuration' ? append(one, element(name)) : one)),
  };
}

/** A part of a document that was given whole: its section of that name, or what was given. */
export function sectionOfInput(input: XmlElement, name: string | undefined): XmlElement | undefined {
  if (input.name !== 'cib' || name === undefined || name === 'cib') return input;
  const path = pathOfSection(input, name);
  return path?.reduce<XmlElement | undefined>((at, index) => at?.children[index], input);
}
