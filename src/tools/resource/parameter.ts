/** Setting and removing parameters, meta-attributes and utilization in the configuration. */
import { exitOfRefusal, wordsOfRefusal } from '../../client/refusal.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { attribute, childrenNamed, element, idOf, walk, type XmlElement } from '../../core/xml/element.ts';
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

/** A meta-attribute that a clone's primitive does not have itself is its clone's, unless forced. */
function subjectOf(work: Work, name: string, verb: string): ResourcePicture {
  const { cib, values, report } = work;
  const resource = resourceOf(work);
  const { parent } = resource;
  if (!values.meta || values.force || parent?.kind !== 'clone') return resource;
  if (pairsNamed(storedElement(cib, configuredId(resource)), name, values).length > 0) return resource;
  report.line(`Performing ${verb} of '${name}' on '${parent.id}', the parent of '${values.resource}'`);
  return parent;
}

function onlyPair(pairs: readonly Pair[], name: string, { report }: Work): Pair | undefined {
  if (pairs.length <= 1) return pairs[0];
  const lines = pairs.map(({ value, id }) => `  Value: ${value} \t(id=${id})`);
  report.line([`Multiple attributes match name=${name}`, ...lines, ''].join('\n'));
  throw operationError('multiple-matches');
}

export async function setParameter(work: Work): Promise<ExitCode> {
  const { values, cib, session, report } = work;
  const name = values['set-parameter'] ?? '';
  const value = values['parameter-value'];
  if (value === undefined) throw new ToolError('usage', 'You need to supply a value with the -v option');
  const resource = subjectOf(work, name, 'update');
  const id = configuredId(resource);
  const stored = storedElement(cib, id);
  if (stored === undefined) throw operationError('no-such-object');
  const pair = onlyPair(pairsNamed(stored, name, values), name, work);
  const set = pair?.set ?? values['set-name'] ?? `${id}-${tagOf(values)}`;
  const pairId = pair?.id ?? values.nvpair ?? `${set}-${name.replace(/[^\w.-]/g, '_')}`;
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
  return 'ok';
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
