/** Waiting for the cluster: until nothing is left to do, or until a resource has stopped and started. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { parseInterval } from '../../core/model/interval.ts';
import { isActive } from '../../core/report/resource-words.ts';
import type { Picture } from '../../core/status/picture.ts';
import { unpack } from '../../core/status/unpack.ts';
import { attribute } from '../../core/xml/element.ts';
import { timeOfCommand } from '../session.ts';
import { operationError, ToolError } from '../tool.ts';
import { deleteParameter, setParameter } from './parameter.ts';
import { configuredId, primitivesOf, resourceOf, topOf, type Work } from './work.ts';

const POLL = 250;
const LONGEST_WAIT = 60 * 60 * 1000;

function deadlineOf({ values }: Work): number {
  const timeout = values.timeout === undefined ? undefined : parseInterval(values.timeout);
  return timeOfCommand() + (timeout === undefined || timeout === 0 ? LONGEST_WAIT : timeout);
}

export const waitUntilSettled = (work: Work): Promise<ExitCode> => settle(work, deadlineOf(work));

async function settle({ session, report }: Work, deadline: number): Promise<ExitCode> {
  // Only this command needs the scheduler; the others start without it.
  const { schedule } = await import('../../core/scheduler/schedule.ts');
  for (;;) {
    const { graph } = schedule({ cib: await session.cib(), now: timeOfCommand() });
    const pending = graph.synapses
      .flatMap(({ actions }) => actions)
      .filter(({ kind }) => kind !== 'pseudo_event');
    if (pending.length === 0 && (await isIdle(session))) return 'ok';
    if (timeOfCommand() > deadline) {
      report.line('Pending actions:');
      for (const { id, operationKey, node } of pending) {
        report.line(`\tAction ${id}: ${operationKey}${node === undefined ? '' : `\ton ${node.name}`}`);
      }
      throw operationError('timeout');
    }
    await wait(POLL);
  }
}

/** Whether the DC, if it is the one that is asked, has a transition under way. */
async function isIdle(session: Work['session']): Promise<boolean> {
  if (session.to === 'file') return true;
  const answer = await session.demand({ kind: 'controller', operation: 'ping' });
  const state = answer === undefined ? undefined : attribute(answer, 'state');
  return state === 'S_IDLE' || state === 'S_NOT_DC';
}

/** Has it stopped by its target-role, waits, takes that back, and waits until as much runs as did before. */
export async function restart(work: Work): Promise<ExitCode> {
  const { report, values, session } = work;
  const named = resourceOf(work);
  const top = topOf(named);
  const resource = top.kind === 'clone' && !values.force ? top : named;
  const id = configuredId(resource);
  const running = activeIn(work.picture, id);
  if (running === 0) {
    report.line(`${id} is not running anywhere and so cannot be restarted`);
    throw operationError('no-such-object');
  }
  const deadline = deadlineOf(work);
  const before = resource.meta.get('target-role');
  const asParameter = {
    ...work,
    values: {
      ...values,
      resource: id,
      meta: true,
      'set-parameter': 'target-role',
      'delete-parameter': 'target-role',
    },
  };
  const withRole = (role: string): Work => ({
    ...asParameter,
    values: { ...asParameter.values, 'parameter-value': role },
  });
  await setParameter(withRole('Stopped'));
  const restore = async (): Promise<void> => {
    const fresh = { ...asParameter, cib: await session.cib() };
    if (before === undefined) await deleteParameter(fresh);
    else await setParameter({ ...withRole(before), cib: fresh.cib });
  };
  report.line(`Waiting for 1 resources to stop:\n * ${id}`);
  try {
    await until(work, deadline, picture => activeIn(picture, id) === 0);
  } catch (error) {
    await restore();
    throw error;
  }
  await restore();
  report.line(`Waiting for 1 resources to start again:\n * ${id}`);
  await until(work, deadline, picture => activeIn(picture, id) >= running);
  await settle(work, deadline);
  return 'ok';
}

function activeIn(picture: Picture, id: string): number {
  const resource = picture.resourceById.get(id);
  return resource === undefined ? 0 : primitivesOf(resource).filter(one => isActive(one, 'any')).length;
}

async function until(work: Work, deadline: number, holds: (picture: Picture) => boolean): Promise<void> {
  for (;;) {
    if (holds(unpack({ cib: await work.session.cib(), now: timeOfCommand() }))) return;
    if (timeOfCommand() > deadline) throw new ToolError('timeout', 'Could not complete the restart in time');
    await wait(POLL);
  }
}
