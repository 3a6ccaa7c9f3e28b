import { COMMENT, type XmlElement } from '../../core/xml/element.ts';
import { printXml } from '../../core/xml/print.ts';
import type { WriteContext } from './write-attributes.ts';
import { writeColocation, writeLocation, writeOrder, writeTicket } from './write-constraint.ts';
import {
  writeAlert,
  writeDefaults,
  writeNode,
  writeRole,
  writeSubject,
  writeTag,
  writeTopology,
} from './write-others.ts';
import { writeBundle, writeContainer, writeOperation, writePrimitive } from './write-resource.ts';

/** `lines`: each part on a line of its own, as `configure show` has it; `line`: all on one. */
export type Layout = 'lines' | 'line';

type Writer = (one: XmlElement, context: WriteContext) => readonly string[];

const WRITERS: Readonly<Record<string, Writer>> = {
  primitive: writePrimitive,
  template: writePrimitive,
  group: writeContainer,
  clone: writeContainer,
  master: writeContainer,
  bundle: writeBundle,
  rsc_location: writeLocation,
  rsc_colocation: writeColocation,
  rsc_order: writeOrder,
  rsc_ticket: writeTicket,
  node: writeNode,
  tag: writeTag,
  'fencing-topology': writeTopology,
  acl_role: writeRole,
  acl_user: (one, context) => writeSubject('user', one, context),
  acl_target: (one, context) => writeSubject('acl_target', one, context),
  acl_group: (one, context) => writeSubject('acl_group', one, context),
  alert: writeAlert,
  op: writeOperation,
  cluster_property_set: (one, context) => writeDefaults('property', one, context),
};

/**
 * Crm syntax of one object. `defaults` says of a `meta_attributes` set which defaults it holds. Whether the text
 * says all that the element says is not this function's question: `expressible` asks it.
 */
export function writeObject(
  one: XmlElement,
  context: WriteContext,
  { layout, defaults }: { readonly layout: Layout; readonly defaults?: string },
): string | undefined {
  const sections =
    one.name === 'meta_attributes' && defaults !== undefined
      ? writeDefaults(defaults, one, context)
      : WRITERS[one.name]?.(one, context);
  if (sections === undefined) return undefined;
  const statement = sections.join(layout === 'lines' ? ' \\\n\t' : ' ');
  return [...commentLines(one), statement].join('\n');
}

const commentsOf = (one: XmlElement): readonly string[] =>
  one.children.filter(part => part.name === COMMENT).map(part => part.text ?? '');

const commentLines = (one: XmlElement): readonly string[] =>
  commentsOf(one)
    .flatMap(text => text.split('\n'))
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => (line.startsWith('#') ? line : `# ${line}`));

/** The object as an `xml` statement: what crm syntax has no words for is kept whole. */
export function writeAsXml(one: XmlElement, { paint }: WriteContext, layout: Layout): string {
  const lines = printXml(one, { pretty: true }).trimEnd().split('\n');
  return `${paint.keyword('xml')} ${lines.join(layout === 'lines' ? ' \\\n' : ' ')}`;
}
