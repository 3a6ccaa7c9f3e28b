/** Waiting until the cluster has done what its configuration asks for. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { XmlElement } from '../../core/xml/element.ts';
import { attributeValue, withAttributeValue } from '../language/attributes.ts';
import { objectsOf } from '../language/objects.ts';
import type { Session } from '../shell/session.ts';
import { changeConfiguration } from './change.ts';

const STEP_MS = 500;
const LONGEST_MS = 3_600_000;
/** A transition that has just been finished may call for another one: two quiet looks make it settled. */
const QUIET_LOOKS = 2;

/** Whether the cluster came to rest: nothing is left that the scheduler would do. A CIB in a file never moves. */
export async function waitUntilSettled(session: Session): Promise<boolean> {
  if (session.isOffline) return true;
  const [{ schedule }, { now }] = await Promise.all([
    import('../../core/scheduler/schedule.ts'),
    import('../../host/clock.ts'),
  ]);
  const end = performance.now() + LONGEST_MS;
  let quiet = 0;
  while (performance.now() < end) {
    const cib = await session.cib();
    if (cib === undefined) return false;
    const { graph } = schedule({ cib, now: now() });
    quiet = graph.synapses.length === 0 ? quiet + 1 : 0;
    if (quiet >= QUIET_LOOKS) return true;
    await sleep(STEP_MS);
  }
  return session.error('the cluster has not settled within an hour');
}

/** Stops a resource, waits, gives it the target role that it had, and waits again. */
export async function restart(session: Session, id: string): Promise<boolean> {
  const place = (cib: XmlElement) => {
    const object = objectsOf(cib).find(one => one.id === id);
    return object === undefined
      ? undefined
      : { kind: object.kind, object: id, set: 'meta_attributes', name: 'target-role' };
  };
  const cib = await session.cib();
  const object = cib === undefined ? undefined : objectsOf(cib).find(one => one.id === id);
  if (cib === undefined) return false;
  if (object === undefined || place(cib) === undefined) return session.error(`there is no resource ${id}`);
  const before = attributeValue(object.element, 'meta_attributes', 'target-role');
  if (before === 'Stopped') return session.error(`${id} is stopped: start it instead`);
  const set = (value: string | undefined) =>
    changeConfiguration(session, now => {
      const where = place(now);
      return where === undefined ? { problem: `${id} is gone` } : withAttributeValue(now, where, value);
    });
  if (!(await set('Stopped'))) return false;
  const isStopped = await waitUntilSettled(session);
  const isBack = await set(before);
  return isStopped && isBack && waitUntilSettled(session);
}
