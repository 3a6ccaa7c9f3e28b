/** The thread itself: see `scheduler-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { defined } from '../../core/base/assert.ts';
import { placeDevices } from '../../core/scheduler/device-placement.ts';
import { schedule } from '../../core/scheduler/schedule.ts';
import { shareBranches } from '../../core/xml/edit.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import type { Computation, Computed, Kept } from './computation.ts';
import { InputSeries } from './input-series.ts';

const port = defined(parentPort, 'the port of the thread');
const series = new InputSeries((workerData as { readonly inputs: string }).inputs);

port.on('message', (computation: Computation) => {
  if (computation.kind === 'transition') decide(computation);
  else {
    const { effect, cib, now, node } = computation;
    say({ kind: 'device-placement', effect, placement: placeDevices({ cib, now, node }) });
  }
});

/** The document that was decided on last. */
let last: XmlElement | undefined;

/** A document comes here as a copy: made of the branches of the last one where it can be, these are not read again. */
function sharing(cib: XmlElement): XmlElement {
  last = last === undefined ? cib : shareBranches(last, cib);
  return last;
}

const say = (told: Computed | Kept): void => port.postMessage(told);

/** The answer first: whoever waits for it need not wait for the disk. */
function decide({
  effect,
  cib,
  now,
  transition,
}: Extract<Computation, { readonly kind: 'transition' }>): void {
  const { graph, problems, picture } = schedule({ cib: sharing(cib), now, transition });
  say({ kind: 'transition', effect, result: { graph, problems } });
  try {
    const path = series.save({ cib, now, problems, options: picture.options.values });
    if (path !== undefined) say({ kind: 'kept', transition, path });
  } catch (error) {
    say({ kind: 'not-kept', transition, problem: error instanceof Error ? error.message : String(error) });
  }
}
