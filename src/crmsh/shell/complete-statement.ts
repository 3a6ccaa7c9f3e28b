import { openDraft } from '../commands/configure-commit.ts';
import { type CrmObject, isResource, objectsOf } from '../language/objects.ts';
import type { Session } from './session.ts';

interface Ids {
  readonly resources: readonly string[];
  readonly primitives: readonly string[];
  readonly nodes: readonly string[];
  readonly all: readonly string[];
}

type Words = (ids: Ids) => readonly string[];

const nothing: Words = () => [];
const SETS = ['meta', 'params'];

/** What may stand in each place after the keyword; the last entry holds for all places after it. */
const PLACES: Readonly<Record<string, readonly Words[]>> = {
  group: [nothing, ids => [...ids.primitives, ...SETS]],
  clone: [nothing, ids => ids.resources, () => SETS],
  ms: [nothing, ids => ids.resources, () => SETS],
  location: [nothing, ids => ids.resources, ids => [...ids.nodes, 'inf:', '-inf:', 'rule']],
  colocation: [nothing, () => ['inf:', '-inf:'], ids => ids.resources],
  order: [nothing, ids => ['Mandatory:', 'Optional:', 'Serialize:', ...ids.resources], ids => ids.resources],
  rsc_ticket: [nothing, nothing, ids => ids.resources],
  monitor: [ids => ids.primitives, nothing],
  node: [ids => ids.nodes, () => ['attributes', 'utilization']],
  tag: [nothing, ids => ids.all],
  fencing_topology: [ids => [...ids.primitives, ...ids.nodes.map(node => `${node}:`)]],
};

/** What may follow in a statement: ids where ids belong, keywords else. */
export async function completeStatement(
  session: Session,
  words: readonly string[],
): Promise<readonly string[]> {
  const [keyword = '', ...rest] = words;
  if (keyword === 'primitive' || keyword === 'rsc_template') return completePrimitive(session, rest);
  if (keyword === 'property' || keyword.endsWith('_defaults')) {
    return (await optionNames(keyword)).map(name => `${name}=`);
  }
  const places = PLACES[keyword];
  const draft = places === undefined ? undefined : await openDraft(session);
  if (places === undefined || draft === undefined) return [];
  const objects = objectsOf(draft.cib);
  const idsOf = (holds: (object: CrmObject) => boolean) => objects.filter(holds).map(object => object.id);
  const wordsHere = places[Math.min(rest.length, places.length - 1)] ?? nothing;
  return wordsHere({
    resources: idsOf(object => isResource(object.kind)),
    primitives: idsOf(object => object.kind === 'primitive'),
    nodes: idsOf(object => object.kind === 'node'),
    all: idsOf(() => true),
  });
}

async function completePrimitive(session: Session, rest: readonly string[]): Promise<readonly string[]> {
  if (rest.length === 0) return [];
  const { agentWords, parameterNames } = await import('../commands/agents.ts');
  if (rest.length === 1) return agentWords(session);
  const section = rest.findLast(word => SECTIONS.includes(word));
  if (rest.at(-1) === 'op') return OPERATIONS;
  if (section === 'params') {
    return [...SECTIONS, ...(await parameterNames(session, rest[1] as string)).map(name => `${name}=`)];
  }
  if (section === 'meta') return [...SECTIONS, ...(await optionNames('meta')).map(name => `${name}=`)];
  return section === 'op'
    ? [...SECTIONS, ...(await optionNames('op_defaults')).map(name => `${name}=`)]
    : SECTIONS;
}

const SECTIONS = ['params', 'meta', 'utilization', 'operations', 'op'];
const OPERATIONS = ['start', 'stop', 'monitor', 'promote', 'demote', 'notify', 'migrate_to', 'migrate_from'];

async function optionNames(keyword: string): Promise<readonly string[]> {
  const { OPTIONS } = await import('../../core/model/options/registry.ts');
  const scope = keyword === 'property' ? 'cluster' : keyword === 'op_defaults' ? 'operation' : 'resource';
  return OPTIONS[scope].map(option => option.name);
}
