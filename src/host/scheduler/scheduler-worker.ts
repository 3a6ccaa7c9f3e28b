/** The thread itself: see `scheduler-thread.ts`. */
import { parentPort } from 'node:worker_threads';
import { defined } from '../../core/base/assert.ts';
import { inNewestSchema } from '../../core/cib/upgrade/upgrade.ts';
import { placeDevices } from '../../core/scheduler/device-placement.ts';
import { schedule } from '../../core/scheduler/schedule.ts';
import type { Computation, Computed } from './computation.ts';

const port = defined(parentPort, 'the port of the thread');

port.on('message', (computation: Computation) => port.postMessage(compute(computation)));

function compute(computation: Computation): Computed {
  const { effect, cib, now } = computation;
  if (computation.kind === 'device-placement') {
    return {
      kind: 'device-placement',
      effect,
      placement: placeDevices({ cib, now, node: computation.node }),
    };
  }
  const { graph, problems } = schedule({
    cib: inNewestSchema(cib),
    now,
    transition: computation.transition,
  });
  return { kind: 'transition', effect, result: { graph, problems } };
}
