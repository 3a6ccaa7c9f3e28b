/** Moving, banning, and taking back both: the constraints that start with `cli-`. */
import { sectionOf } from '../../core/cib/document.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import {
  addCalendarDuration,
  parseCalendarDuration,
  parseDate,
  printDate,
} from '../../core/model/iso8601.ts';
import { locationsOf } from '../../core/report/resource-words.ts';
import type { NodePicture, ResourcePicture } from '../../core/status/picture.ts';
import { attribute, childrenNamed, element, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
import { operationError, ToolError } from '../tool.ts';
import { configuredId, nodeOf, primitivesOf, resourceOf, topOf, type Work } from './work.ts';

interface Constraint {
  readonly resource: string;
  readonly node: string;
  readonly role: 'Started' | 'Promoted';
  readonly score: 'INFINITY' | '-INFINITY';
  /** When it ends, printed; absent: never. */
  readonly end: string | undefined;
}

function constraintElement({ resource, node, role, score, end }: Constraint): XmlElement {
  const ban = score === '-INFINITY';
  const id = ban ? `cli-ban-${resource}-on-${node}` : `cli-prefer-${resource}`;
  if (end === undefined) return element('rsc_location', { id, rsc: resource, role, node, score });
  // Ids of the parts put their own word before the resource's name.
  const part = (word: string) =>
    ban ? `cli-ban-${resource}-on-${node}-${word}` : `cli-prefer-${word}-${resource}`;
  return element('rsc_location', { id, rsc: resource, role }, [
    element('rule', { id: part('rule'), score, 'boolean-op': 'and' }, [
      element('expression', {
        id: part('expr'),
        attribute: '#uname',
        operation: 'eq',
        value: node,
        type: 'string',
      }),
      element('date_expression', { id: part(ban ? 'lifetime' : 'lifetime-end'), operation: 'lt', end }),
    ]),
  ]);
}

function endOf({ values, picture, report }: Work): string | undefined {
  const { lifetime } = values;
  if (lifetime === undefined) return undefined;
  const duration = parseCalendarDuration(lifetime);
  if (duration === undefined) {
    throw new ToolError(
      'invalid-parameter',
      `Invalid duration specified: ${lifetime}\nPlease refer to https://en.wikipedia.org/wiki/ISO_8601#Durations for examples of valid durations`,
    );
  }
  const end = printDate(addCalendarDuration(picture.now, duration));
  report.line(`Migration will take effect until: ${end}`);
  return end;
}

async function prefer(work: Work, resource: string, node: NodePicture): Promise<void> {
  const constraint = {
    resource,
    node: node.name,
    role: roleOf(work),
    score: 'INFINITY',
    end: endOf(work),
  } as const;
  await write(work, constraint);
}

async function forbid(work: Work, resource: string, node: NodePicture): Promise<void> {
  const role = roleOf(work);
  const constraint = { resource, node: node.name, role, score: '-INFINITY', end: endOf(work) } as const;
  if (!work.values.quiet) {
    const id = `cli-ban-${resource}-on-${node.name}`;
    const verb = role === 'Promoted' ? 'being promoted' : 'running';
    work.report.line(
      [
        `WARNING: Creating rsc_location constraint '${id}' with a score of -INFINITY for resource ${resource} on ${node.name}.`,
        `\tThis will prevent ${resource} from ${verb} on ${node.name} until the constraint is removed using the clear option or by editing the CIB with an appropriate tool`,
        `\tThis will be the case even if ${node.name} is the last node in the cluster`,
      ].join('\n'),
    );
  }
  await write(work, constraint);
}

const roleOf = ({ values }: Work): Constraint['role'] => (values.promoted ? 'Promoted' : 'Started');

async function write({ session }: Work, constraint: Constraint): Promise<void> {
  const input = element('constraints', {}, [constraintElement(constraint)]);
  await session.change({ operation: 'modify', section: 'constraints', input, allowCreate: true });
}

/** The one node where the resource is, or is promoted, if there is one. */
function onlyPlace(resource: ResourcePicture, promoted: boolean): NodePicture | undefined {
  const nodes = promoted ? promotedOn(resource) : locationsOf(resource);
  return nodes.length === 1 ? nodes[0] : undefined;
}

const promotedOn = (resource: ResourcePicture): readonly NodePicture[] =>
  primitivesOf(resource)
    .filter(({ role }) => role === 'Promoted')
    .flatMap(({ activeOn }) => activeOn);

/** What a constraint can be about: an instance of a clone is not in the configuration. */
function movable(work: Work): ResourcePicture {
  const { resource: id = '' } = work.values;
  const resource = resourceOf(work);
  if (!/:\d+$/.test(id) || topOf(resource).kind !== 'clone') return resource;
  throw new ToolError(
    'invalid-parameter',
    `Cannot operate on clone resource instance '${id}'\nError performing operation: Invalid parameter`,
  );
}

/** With no node to go to, or to be kept off, it is kept off the one where it is. */
export async function ban(work: Work): Promise<ExitCode> {
  const { values } = work;
  const resource = movable(work);
  const promotable = topOf(resource).flags.promotable;
  const place =
    nodeOf(work) ??
    onlyPlace(resource, values.promoted) ??
    (promotable ? onlyPlace(resource, true) : undefined);
  const id = values.resource ?? configuredId(resource);
  if (place === undefined) throw notMoved(id, resource, promotable);
  const onlyPromoted = nodeOf(work) === undefined && promotable && locationsOf(resource).length !== 1;
  await forbid(onlyPromoted ? { ...work, values: { ...values, promoted: true } } : work, id, place);
  return 'ok';
}

function notMoved(id: string, resource: ResourcePicture, promotable: boolean): ToolError {
  const count = locationsOf(resource).length;
  const promoted = promotable ? ` (promoted in ${promotedOn(resource).length})` : '';
  const also = promotable
    ? `\nTo prevent '${id}' from being promoted at a specific location, specify a node and the --promoted option.`
    : '';
  return new ToolError(
    'usage',
    `Resource '${id}' not moved: active in ${count} locations${promoted}.\nTo prevent '${id}' from running on a specific location, specify a node.${also}`,
  );
}

export async function move(work: Work): Promise<ExitCode> {
  const { values } = work;
  const resource = movable(work);
  const node = nodeOf(work);
  if (node === undefined) return ban(work);
  const id = values.resource ?? configuredId(resource);
  const promotable = topOf(resource).flags.promotable;
  const current =
    values.promoted || (promotable && resource.kind === 'clone')
      ? promotedOn(resource)
      : locationsOf(resource);
  const isThere = current.includes(node) && current.length === 1;
  if (isThere && !values.force) throw operationError('exists');
  // A ban of the node, or a preference for another, would speak against what is asked for now.
  await removeConstraints(work, one => isBanOf(one, id, node.name) || idOf(one) === `cli-prefer-${id}`, {
    silently: true,
  });
  await prefer(work, id, node);
  if (values.force && !isThere) for (const old of current) if (old !== node) await forbid(work, id, old);
  return 'ok';
}

const isBanOf = (one: XmlElement, resource: string, node: string): boolean =>
  idOf(one) === `cli-ban-${resource}-on-${node}`;

export async function clear(work: Work): Promise<ExitCode> {
  const { values } = work;
  const id = values.resource;
  if (id === undefined && !values.expired) throw new ToolError('usage', 'Must supply a resource id with -r');
  if (id !== undefined) resourceOf(work);
  const node = nodeOf(work)?.name;
  await removeConstraints(
    work,
    one =>
      madeByCommand(one) &&
      (id === undefined || attribute(one, 'rsc') === id) &&
      (node === undefined ||
        nodesOf(one).includes(node) ||
        (values.force && idOf(one) === `cli-prefer-${id}`)) &&
      (!values.promoted || attribute(one, 'role') === 'Promoted') &&
      (!values.expired || hasExpired(one, work)),
    { silently: false },
  );
  return 'ok';
}

const madeByCommand = (one: XmlElement): boolean => /^cli-(?:ban|prefer)-/.test(idOf(one) ?? '');

const nodesOf = (one: XmlElement): readonly string[] =>
  [attribute(one, 'node'), ...[...walk(one)].map(part => attribute(part, 'value'))].filter(
    name => name !== undefined,
  );

function hasExpired(one: XmlElement, { picture }: Work): boolean {
  return [...walk(one)].some(part => {
    const end = part.name === 'date_expression' ? attribute(part, 'end') : undefined;
    const at = end === undefined ? undefined : parseDate(end, picture.now);
    return at !== undefined && at < picture.now;
  });
}

async function removeConstraints(
  { cib, session, report }: Work,
  which: (one: XmlElement) => boolean,
  { silently }: { readonly silently: boolean },
): Promise<void> {
  const constraints = sectionOf(cib, 'constraints');
  const found = constraints === undefined ? [] : childrenNamed(constraints, 'rsc_location').filter(which);
  for (const one of found) {
    const id = idOf(one) ?? '';
    if (!silently) report.line(`Removing constraint: ${id}`);
    const input = element('rsc_location', { id });
    await session.change({ operation: 'delete', section: 'constraints', input });
  }
}
