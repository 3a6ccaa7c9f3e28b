/** Setting and removing parameters, meta-attributes and utilization in the configuration. */
import { exitOfRefusal, wordsOfRefusal } from '../../client/refusal.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { attribute, childrenNamed, element, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
import { idOfPair } from '../attribute-place.ts';
import { operationError, ToolError } from '../tool.ts';
import type { Values } from './definition.ts';
import { configuredId, resourceOf, type Work } from './work.ts';

interface Pair {
  readonly id: string;
  readonly value: string;
  readonly set: string;
}

const tagOf = ({ meta, utilization }: Values): string =>
  meta ? 'meta_attributes' : utilization ? 'utilization' : 'instance_attributes';

/** The element of the resource as it is stored. */
function storedElement(cib: XmlElement, id: string): XmlElement | undefined {
  return [...walk(cib)].find(one => idOf(one) === id && RESOURCE_TAGS.has(one.name));
}

const RESOURCE_TAGS: ReadonlySet<string> = new Set([
  'primitive',
  'group',
  'clone',
  'master',
  'bundle',
  'template',
]);

function pairsNamed(of: XmlElement | undefined, name: string, values: Values): readonly Pair[] {
  if (of === undefined) return [];
  return childrenNamed(of, tagOf(values))
    .flatMap(set =>
      [...walk(set)]
        .filter(one => one.name === 'nvpair' && attribute(one, 'name') === name)
        .map(pair => ({ id: idOf(pair) ?? '', value: attribute(pair, 'value') ?? '', set: idOf(set) ?? '' })),
    )
    .filter(({ id, set }) => (values.nvpair ?? id) === id && (values['set-name'] ?? set) === set);
}

/**
 * Whom a change is for, unless forced: a meta-attribute that a clone's primitive does not have itself is its clone's,
 * and one that it has is the primitive's even where the clone was named.
 */
function subjectOf(work: Work, name: string, verb: string): ResourcePicture {
  const { cib, values, report } = work;
  const resource = resourceOf(work);
  if (!values.meta || values.force) return resource;
  const hasItself = (one: ResourcePicture) =>
    pairsNamed(storedElement(cib, configuredId(one)), name, values).length > 0;
  const { parent } = resource;
  const [child] = resource.children;
  if (parent?.kind === 'clone' && !hasItself(resource)) {
    report.line(`Performing ${verb} of '${name}' on '${parent.id}', the parent of '${values.resource}'`);
    return parent;
  }
  if (resource.kind === 'clone' && child?.kind === 'primitive' && hasItself(child)) {
    report.line(
      `A value for '${name}' already exists in child '${configuredId(child)}', performing ${verb} on that instead of '${values.resource}'`,
    );
    return child;
  }
  return resource;
}

/** Members of a group that have the attribute themselves would not follow their group's. */
function membersWithTheirOwn(
  work: Work,
  resource: ResourcePicture,
  name: string,
): readonly ResourcePicture[] {
  const { cib, values } = work;
  if (resource.kind !== 'group' || !values.meta || values.force) return [];
  return resource.children.filter(
    member => pairsNamed(storedElement(cib, configuredId(member)), name, values).length > 0,
  );
}

function onlyPair(pairs: readonly Pair[], name: string, { report }: Work): Pair | undefined {
  if (pairs.length <= 1) return pairs[0];
  const lines = pairs.map(({ value, id }) => `  Value: ${value} \t(id=${id})`);
  report.line([`Multiple attributes match name=${name}`, ...lines, ''].join('\n'));
  throw operationError('multiple-matches');
}

export async function setParameter(work: Work): Promise<ExitCode> {
  const name = work.values['set-parameter'] ?? '';
  const value = work.values['parameter-value'];
  if (value === undefined) throw new ToolError('usage', 'You need to supply a value with the -v option');
  const resource = subjectOf(work, name, 'update');
  for (const one of [...membersWithTheirOwn(work, resource, name), resource]) {
    await setPair(work, configuredId(one), { name, value });
  }
  return 'ok';
}

async function setPair(
  work: Work,
  id: string,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<void> {
  const { values, cib, session, report } = work;
  const stored = storedElement(cib, id);
  if (stored === undefined) throw operationError('no-such-object');
  const pair = onlyPair(pairsNamed(stored, name, values), name, work);
  const set = pair?.set ?? values['set-name'] ?? `${id}-${tagOf(values)}`;
  const pairId = pair?.id ?? values.nvpair ?? idOfPair(set, name);
  const input = element(stored.name, { id }, [
    element(tagOf(values), { id: set }, [element('nvpair', { id: pairId, name, value })]),
  ]);
  const reply = await session.ask({
    kind: 'cib',
    operation: 'modify',
    section: 'resources',
    input,
    allowCreate: true,
  });
  if (!reply.ok) throw operationError(exitOfRefusal(reply.refusal), wordsOfRefusal(reply.refusal));
  const inSet = pair === undefined ? ` set=${set}` : '';
  report.line(`Set '${id}' option: id=${pairId}${inSet} name=${name} value=${value}`);
}

export async function deleteParameter(work: Work): Promise<ExitCode> {
  const { values, cib, session, report } = work;
  const name = values['delete-parameter'] ?? '';
  const resource = subjectOf(work, name, 'delete');
  const id = configuredId(resource);
  const pair = onlyPair(pairsNamed(storedElement(cib, id), name, values), name, work);
  if (pair === undefined) return 'ok';
  await session.change({ operation: 'delete', xpath: `//nvpair[@id='${pair.id}']` });
  report.line(`Deleted '${id}' option: id=${pair.id} name=${name}`);
  return 'ok';
}

/** Takes the resource's element out of the configuration, if it is one of `-t`. */
export async function deleteResource(work: Work): Promise<ExitCode> {
  const { values, session } = work;
  const tag = values['resource-type'];
  if (values.resource === undefined) throw new ToolError('usage', 'Must supply a resource id with -r');
  if (tag === undefined) {
    throw new ToolError(
      'usage',
      'You need to specify a resource type with -t\nError performing operation: Incorrect usage',
    );
  }
  const input = element(tag, { id: values.resource });
  const reply = await session.ask({ kind: 'cib', operation: 'delete', section: 'resources', input });
  // What is not there is deleted already.
  if (!reply.ok && reply.refusal !== 'no-such-object') {
    throw operationError(exitOfRefusal(reply.refusal), wordsOfRefusal(reply.refusal));
  }
  return 'ok';
}
