import { COMMENT, element, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { Cursor, Misread } from './cursor.ts';
import { readAlert, readRole, readSubject } from './read-access.ts';
import { readBundle } from './read-bundle.ts';
import { readColocation, readLocation, readOrder, readTicket } from './read-constraint.ts';
import { readDefaults, readNode, readTag, readTopology } from './read-others.ts';
import { type ProviderOf, readContainer, readMonitor, readPrimitive } from './read-resource.ts';
import { type Statement, type SyntaxProblem, splitStatements } from './split.ts';

export interface ReadContext {
  /** Names of the nodes: `fencing_topology` without a target is about each of them. */
  readonly nodes: readonly string[];
  readonly providerOf?: ProviderOf;
}

export interface ReadStatement {
  /** The element that the statement describes: ids that it does not give are missing yet. */
  readonly element: XmlElement;
  readonly line: number;
}

export interface ReadResult {
  readonly statements: readonly ReadStatement[];
  readonly problems: readonly SyntaxProblem[];
}

type Reader = (cursor: Cursor, context: ReadContext) => XmlElement;

const primitiveAs =
  (name: string): Reader =>
  (cursor, { providerOf }) =>
    readPrimitive(cursor, name, providerOf ?? (() => undefined));

const READERS: Readonly<Record<string, Reader>> = {
  primitive: primitiveAs('primitive'),
  rsc_template: primitiveAs('template'),
  group: cursor => readContainer(cursor, 'group'),
  clone: cursor => readContainer(cursor, 'clone'),
  ms: cursor => readContainer(cursor, 'master'),
  master: cursor => readContainer(cursor, 'master'),
  bundle: readBundle,
  location: readLocation,
  colocation: readColocation,
  collocation: readColocation,
  order: readOrder,
  rsc_ticket: readTicket,
  monitor: readMonitor,
  node: readNode,
  property: cursor => readDefaults(cursor, undefined),
  rsc_defaults: cursor => readDefaults(cursor, 'rsc_defaults'),
  op_defaults: cursor => readDefaults(cursor, 'op_defaults'),
  tag: readTag,
  fencing_topology: (cursor, { nodes }) => readTopology(cursor, nodes),
  role: readRole,
  user: cursor => readSubject(cursor, 'acl_user'),
  acl_target: cursor => readSubject(cursor, 'acl_target'),
  acl_group: cursor => readSubject(cursor, 'acl_group'),
  alert: readAlert,
  xml: readXml,
};

/** The words with which a statement may begin. */
export const STATEMENT_KEYWORDS: readonly string[] = Object.keys(READERS);

/** Reads configuration text; a statement with a fault becomes a problem and the others are read all the same. */
export function readConfiguration(text: string, context: ReadContext): ReadResult {
  const { statements, problems, trailing: _ } = splitStatements(text);
  const read: ReadStatement[] = [];
  const found = [...problems];
  for (const statement of statements) {
    const result = readStatement(statement, context);
    if ('problem' in result) found.push(result.problem);
    else read.push(result);
  }
  found.sort((a, b) => a.line - b.line);
  return { statements: read, problems: found };
}

function readStatement(
  statement: Statement,
  context: ReadContext,
): ReadStatement | { readonly problem: SyntaxProblem } {
  const { line } = statement;
  const keyword = statement.words[0]?.text ?? '';
  const reader = READERS[keyword.toLowerCase()];
  if (reader === undefined) return { problem: { line, word: keyword, message: 'no such object' } };
  try {
    const cursor = new Cursor(statement);
    const read = reader(cursor, context);
    return { element: withComments(read, statement.comments), line };
  } catch (fault) {
    if (fault instanceof Misread) return { problem: fault.problem };
    throw fault;
  }
}

function withComments(read: XmlElement, comments: readonly string[]): XmlElement {
  if (comments.length === 0) return read;
  const nodes = comments.map(text => ({ ...element(COMMENT), text }));
  const [set, ...more] = read.children;
  // Defaults are read with their section around them: the comments are about the set.
  if (read.name.endsWith('_defaults') && set !== undefined) {
    return { ...read, children: [{ ...set, children: [...nodes, ...set.children] }, ...more] };
  }
  return { ...read, children: [...nodes, ...read.children] };
}

function readXml(cursor: Cursor): XmlElement {
  const { source, line } = cursor.statement;
  const parsed = parseXml(source.replace(/^\S+\s*/, ''));
  if (!parsed.ok) throw new Misread({ line, message: `the XML is not well-formed: ${parsed.message}` });
  return parsed.root;
}
