/** Actions of an agent on this host, past the cluster. */
import { type ExitCode, exitCodeOf } from '../../core/model/exit-code.ts';
import { OCF } from '../../core/model/exit-status.ts';
import { parseInterval } from '../../core/model/interval.ts';
import { FEATURE_SET } from '../../core/model/version.ts';
import type { ResourcePicture } from '../../core/status/picture.ts';
import { parametersOn } from '../../core/status/resources.ts';
import { element } from '../../core/xml/element.ts';
import { operationError, ToolError } from '../tool.ts';
import { runAgent } from './run-agent.ts';
import { configuredId, primitivesOf, resourceOf, topOf, type Work } from './work.ts';

type ForcedAction = 'start' | 'stop' | 'promote' | 'demote' | 'monitor' | 'validate-all';

const NAMES: Readonly<Record<ForcedAction, string>> = {
  start: 'force-start',
  stop: 'force-stop',
  promote: 'force-promote',
  demote: 'force-demote',
  monitor: 'force-check',
  'validate-all': 'validate',
};

const STATUS_WORDS: ReadonlyMap<number, string> = new Map([
  [OCF.ok, 'ok'],
  [OCF.unknownError, 'error'],
  [OCF.invalidParameter, 'invalid parameter'],
  [OCF.unimplemented, 'unimplemented feature'],
  [OCF.insufficientPrivileges, 'insufficient privileges'],
  [OCF.notInstalled, 'not installed'],
  [OCF.notConfigured, 'not configured'],
  [OCF.notRunning, 'not running'],
  [OCF.runningPromoted, 'promoted'],
  [OCF.failedPromoted, 'promoted (failed)'],
]);

const PATIENCE = 20_000;

export async function forceAction(work: Work, action: ForcedAction): Promise<ExitCode> {
  const { report, values, surroundings } = work;
  const named = resourceOf(work);
  const [resource] = primitivesOf(named);
  if (resource?.agent === undefined || named.kind === 'group') {
    throw new ToolError(
      'unimplemented',
      `Sorry, the --${NAMES[action]} option doesn't support ${named.kind} resources`,
    );
  }
  refuseWhatRuns(named, action, values.force);
  const level = action === 'monitor' ? values['force-check'] : undefined;
  const timeout = values.timeout === undefined ? PATIENCE : (parseInterval(values.timeout) ?? PATIENCE);
  const { agent } = resource;
  const id = configuredId(resource);
  const parameters = {
    ...Object.fromEntries(parametersOn(work.picture, resource, undefined)),
    ...Object.fromEntries([...resource.meta].map(([name, value]) => [`CRM_meta_${name}`, value])),
    CRM_meta_timeout: String(timeout),
    crm_feature_set: FEATURE_SET,
    ...(typeof level === 'string' ? { OCF_CHECK_LEVEL: level } : {}),
  };
  const outcome = await runAgent(
    { agent, action, parameters, resource: id, timeout },
    surroundings.environment,
  );
  const standard = [agent.standard, agent.provider, agent.type].filter(part => part !== undefined).join(':');
  const head = `Operation ${NAMES[action]} for ${id} (${standard})`;
  if (outcome.kind === 'timed-out') throw operationError('timeout');
  if (outcome.kind === 'not-run') {
    report.line(`${head} could not be executed (${outcome.error})`);
    throw operationError('not-installed');
  }
  const { status, stdout, stderr } = outcome;
  report.line(`${head} returned ${status} (${STATUS_WORDS.get(status) ?? 'unknown'})`);
  if (values.verbose > 0) for (const text of [stdout, stderr]) if (text !== '') report.text(text);
  report.xml(
    element(
      'resource-agent-action',
      { action: NAMES[action], class: agent.standard, type: agent.type, rsc: id },
      [element('agent-status', { code: status, message: STATUS_WORDS.get(status) ?? 'unknown' })],
    ),
  );
  if (status !== OCF.ok) throw operationError(exitCodeOf(status));
  return 'ok';
}

/** To start a copy beside one that runs would break what a clone promises. */
function refuseWhatRuns(named: ResourcePicture, action: ForcedAction, force: boolean): void {
  const changes = action === 'start' || action === 'promote' || action === 'demote';
  const running = primitivesOf(named).some(({ activeOn }) => activeOn.length > 0);
  if (!changes || force || topOf(named).kind !== 'clone' || !running) return;
  throw new ToolError(
    'unsafe',
    `It is not safe to ${action} ${named.id} here: the cluster claims it is already active\nTry setting target-role=Stopped first or specifying the force option`,
  );
}
