/**
 * What 2.1.5, the release that distributions have, is known to do otherwise than 3.0.2: words, which are made alike
 * before the two are compared, and rules, which decide otherwise where a configuration has what they are about.
 */
import { attribute, walk, type XmlElement } from '../src/core/xml/element.ts';

/** Lines have no blanks. What becomes empty is left out. */
const WORDS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^pcmk__(clone|group|bundle)_allocate:/, 'pcmk__$1_assign:'],
  // Copies that are not active were told as on no node, with the score 0.
  [/^.*promotionscore(onnone|\(inactive\)).*/, ''],
  [/\((.*)maintenance/, '($1unmanaged'],
  [/\(unmanaged,disabled\)/, '(disabled,unmanaged)'],
  [/\(Notinstalled\)/, '(notinstalled)'],
  [/'terminationwasrequested'/, "'fencingwasrequested'"],
  // Fencing told the attributes of its target as if they were its own.
  [/CRM_meta_(?!on_node|stonith_action|digests|probe|unfenc)\w+="[^"]*"(?=.*CRM_meta_stonith_action)/g, ''],
  [/(CRM_meta_stonith_action="[^"]*").*/, '$1/>'],
];

export const inWordsOfBoth = (lines: readonly string[]): readonly string[] =>
  lines
    .map(line => WORDS.reduce((text, [pattern, by]) => text.replace(pattern, by), line))
    .filter(line => line !== '');

const RULES: readonly (readonly [name: string, isIn: (one: XmlElement) => boolean])[] = [
  ['several instances to a node make a clone unique', one => names(one, 'clone-node-max')],
  ['nothing is deleted after its stop any more', one => names(one, 'remove-after-stop')],
  [
    'a score that a node has no attribute for is none',
    one => attribute(one, 'score-attribute') !== undefined,
  ],
  ['roles of a colocation that are not those to be', one => hasAny(one, ['rsc-role', 'with-rsc-role'])],
  ['a cancelled operation says nothing of a resource', one => attribute(one, 'operation') === 'cancel'],
  [
    'a rule may leave out the provider or the type of an agent',
    one => one.name === 'rsc_expression' && !(hasAny(one, ['provider']) && hasAny(one, ['type'])),
  ],
  [
    'dates in parameters that nothing needs are not looked at',
    one =>
      one.name === 'instance_attributes' && [...walk(one)].some(({ name }) => name === 'date_expression'),
  ],
  ['instances of an ordered clone wait for all before them', one => names(one, 'ordered')],
  ['actions around a clone’s notifications have other numbers', one => names(one, 'notify')],
  ['what runs on a node in maintenance is so, too: its monitors end', one => names(one, 'maintenance')],
  ['what must be with a group is blocked with it', one => one.name === 'group'],
  [
    'where any condition of a rule will do, its score counts on closed nodes, too',
    one => one.name === 'rule' && attribute(one, 'boolean-op') === 'or',
  ],
];

const names = (one: XmlElement, name: string): boolean => attribute(one, 'name') === name;
const hasAny = (one: XmlElement, words: readonly string[]): boolean =>
  words.some(word => attribute(one, word) !== undefined);

/** The rules that may have made the difference. */
export function rulesThatMayDiffer(cib: XmlElement): readonly string[] {
  const elements = [...walk(cib)];
  return RULES.filter(([, isIn]) => elements.some(isIn)).map(([name]) => name);
}
