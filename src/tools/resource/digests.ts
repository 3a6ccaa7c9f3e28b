/** The digests by which the cluster will tell whether what a resource was run with has changed. */
import { milliseconds } from '../../core/base/time.ts';
import { digestOfParameters } from '../../core/cib/digest.ts';
import { parametersForDigest } from '../../core/cib/operation-parameters.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { inCallOrder } from '../../core/status/call-order.ts';
import { findOperation, operationMeta } from '../../core/status/operations.ts';
import { parametersOn } from '../../core/status/parameters.ts';
import type { NodePicture, ResourcePicture } from '../../core/status/picture.ts';
import { attribute, element, idOf, type XmlElement } from '../../core/xml/element.ts';
import { operationError, ToolError } from '../tool.ts';
import { configuredId, nodeOf, resourceOf, type Work } from './work.ts';

type Parameters = Readonly<Record<string, string>>;

export function digests(work: Work, overrides: Parameters): ExitCode {
  const resource = resourceOf(work);
  const node = nodeOf(work);
  if (node === undefined) throw new ToolError('usage', 'Must supply a node name with -N');
  if (resource.kind !== 'primitive') throw operationError('unimplemented', 'Operation not supported');
  const entry = bestEntry(work, resource, node);
  const task = entry === undefined ? 'start' : (attribute(entry, 'operation') ?? 'start');
  const recorded = entry === undefined ? undefined : attribute(entry, 'interval');
  const interval = milliseconds(Number(overrides.CRM_meta_interval ?? recorded ?? 0) || 0);
  const run = { task, interval, entry, overrides };
  say(work, configuredId(resource), node, { ...run, sets: parameterSets(work, resource, node, run) });
  return 'ok';
}

interface Run {
  readonly task: string;
  readonly interval: ReturnType<typeof milliseconds>;
  readonly entry: XmlElement | undefined;
  readonly overrides: Parameters;
}

interface Sets {
  readonly all: Parameters;
  readonly nonprivate: Parameters;
  /** Where the history says that the agent can take some without a restart. */
  readonly nonreloadable: Parameters | undefined;
}

/** Those of the entry: private ones and those that need a restart are known by what the agent said when it ran. */
function parameterSets(
  work: Work,
  resource: ResourcePicture,
  node: NodePicture,
  { task, interval, entry, overrides }: Run,
): Sets {
  const { picture } = work;
  const parameters = parametersOn(picture, resource, node);
  const config = findOperation(resource, task, interval, { disabledToo: true })?.xml;
  const meta = operationMeta(picture, resource, {
    name: task,
    interval,
    config,
    parameters: () => parameters,
  });
  const timeout = overrides.CRM_meta_timeout ?? meta.get('timeout');
  const names = (of: string) =>
    (entry === undefined ? undefined : attribute(entry, of))?.split(' ').filter(one => one !== '');
  const secret = names('op-secure-params');
  const restart = names('op-force-restart');
  const sets = parametersForDigest({
    parameters: { ...Object.fromEntries(parameters), ...overrides },
    interval,
    ...(timeout === undefined ? {} : { timeout }),
    ...(secret === undefined ? {} : { privateNames: secret }),
    ...(restart === undefined ? {} : { restartNames: restart }),
  });
  const { CRM_meta_timeout: _, ...nonprivate } = sets.nonprivate;
  const keepsRestart = entry !== undefined && attribute(entry, 'op-restart-digest') !== undefined;
  return { all: sets.all, nonprivate, nonreloadable: keepsRestart ? sets.nonreloadable : undefined };
}

const BEGINS_WITH_PARAMETERS: ReadonlySet<string> = new Set(['monitor', 'start', 'promote', 'migrate_from']);

/**
 * The entry of the history that says most of what the resource was run with: one that took it up or looked at it
 * once, else a recurring one; rather not a failure, rather one that knows what needs a restart, the newest of these.
 */
function bestEntry(work: Work, resource: ResourcePicture, node: NodePicture): XmlElement | undefined {
  const history = work.picture.histories.get(node.name)?.get(resource.historyId ?? resource.id);
  if (history === undefined) return undefined;
  const rank = (entry: XmlElement): readonly number[] => {
    const recurs = Number(attribute(entry, 'interval') ?? 0) > 0;
    const effective = !recurs && BEGINS_WITH_PARAMETERS.has(attribute(entry, 'operation') ?? '');
    return [
      effective ? 2 : recurs ? 1 : 0,
      idOf(entry)?.endsWith('_last_failure_0') === true ? 0 : 1,
      attribute(entry, 'op-restart-digest') === undefined ? 0 : 1,
    ];
  };
  return inCallOrder(history).reduce<XmlElement | undefined>(
    (best, entry) => (best === undefined || !isBelow(rank(entry), rank(best)) ? entry : best),
    undefined,
  );
}

function isBelow(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

function say(
  { report }: Work,
  id: string,
  node: NodePicture,
  { task, interval, sets }: Run & { readonly sets: Sets },
): void {
  const told = [
    { type: 'all', words: 'all parameters', parameters: sets.all },
    { type: 'nonprivate', words: 'non-private parameters', parameters: sets.nonprivate },
    { type: 'nonreloadable', words: 'non-reloadable parameters', parameters: sets.nonreloadable },
  ].flatMap(({ type, words, parameters }) =>
    parameters === undefined ? [] : [{ type, words, parameters, hash: digestOfParameters(parameters) }],
  );
  for (const { words, hash } of told) report.line(`${hash} (${words})`);
  report.xml(
    element(
      'digests',
      { resource: id, node: node.name, task, interval: `${interval}ms` },
      told.map(({ type, hash, parameters }) =>
        element('digest', { type, hash }, [element('parameters', parameters)]),
      ),
    ),
  );
}
