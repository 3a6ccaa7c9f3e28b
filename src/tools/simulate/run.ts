/** What `crm_simulate` finds out, as data; `text.ts` and `xml.ts` print it. */
import { type Instant, instant } from '../../core/base/time.ts';
import { namesOf } from '../../core/report/resource-words.ts';
import { type Schedule, schedule } from '../../core/scheduler/schedule.ts';
import { type Execution, execute } from '../../core/simulation/execute.ts';
import {
  type Injected,
  inject,
  type SupposedResult,
  type Suppositions,
} from '../../core/simulation/inject.ts';
import type { Picture } from '../../core/status/picture.ts';
import { unpack } from '../../core/status/unpack.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';

export interface SimulationInput {
  readonly cib: XmlElement;
  /** When it takes place, if not when the document says or now. */
  readonly at?: Instant | undefined;
  /** Results that are made up carry the true time: they come after what is on record. */
  readonly clock: Instant;
  readonly suppositions: Suppositions;
  readonly failures: readonly SupposedResult[];
  /** How far to go: show what is, decide, or carry out what was decided, too. */
  readonly extent: 'show' | 'decide' | 'execute';
  /** Private parameters were taken out of the document, as in one that was collected for others to look at. */
  readonly sanitized: boolean;
}

export interface SimulationRun {
  readonly now: Instant;
  /** The document says when it was written, and that was taken for now. */
  readonly recorded: boolean;
  readonly before: Picture;
  readonly injected?: Injected;
  /** With the suppositions. */
  readonly cib: XmlElement;
  readonly schedule?: Schedule;
  readonly execution?: Execution;
  readonly after?: Picture;
}

export function simulate(input: SimulationInput): SimulationRun {
  const { cib, clock, extent, suppositions, failures, sanitized } = input;
  const { now, recorded } = effectiveTime(cib, input);
  // Without suppositions the scheduler's picture is the one before: it is not drawn twice.
  const supposes = isAny(suppositions);
  const drawn = supposes || extent === 'show' ? unpack({ cib, now, sanitized }) : undefined;
  const injected = drawn !== undefined && supposes ? supposed(drawn, input) : undefined;
  const document = injected?.cib ?? cib;
  const so = { now, recorded, cib: document, ...(injected && { injected }) };
  if (drawn !== undefined && extent === 'show') return { ...so, before: drawn };
  const decided = schedule({ cib: document, now, sanitized });
  const before = drawn ?? decided.picture;
  if (extent === 'decide') return { ...so, before, schedule: decided };
  const names = namesOf(decided.picture.resources);
  const isResource = (id: string) => names.has(id);
  const execution = execute({ graph: decided.graph, cib: document, now: clock, failures, isResource });
  return {
    ...so,
    before,
    schedule: decided,
    execution,
    after: unpack({ cib: execution.cib, now, sanitized }),
  };
}

const isAny = (suppositions: Suppositions): boolean =>
  Object.values(suppositions).some(one => (Array.isArray(one) ? one.length > 0 : one !== undefined));

/** When a document is decided on: when the user says so, when it says that it was written, or now. */
export function effectiveTime(
  cib: XmlElement,
  { at, clock }: Pick<SimulationInput, 'at' | 'clock'>,
): Pick<SimulationRun, 'now' | 'recorded'> {
  const written = Number(attribute(cib, 'execution-date'));
  const recorded = at === undefined && written > 0;
  return { now: at ?? (recorded ? instant(written * 1000) : clock), recorded };
}

const supposed = (drawn: Picture, { cib, suppositions, clock }: SimulationInput): Injected =>
  inject({
    cib,
    suppositions,
    now: clock,
    agentOf: id => agentOf(drawn, id),
    startFailureIsFatal: drawn.options.startFailureIsFatal,
  });

/** An instance of an anonymous clone goes by its primitive's name. */
function agentOf(picture: Picture, id: string) {
  const instance = picture.resourceById.get(`${id}:0`);
  const anonymous = instance?.flags.unique === true ? undefined : instance;
  const agent = (picture.resourceById.get(id) ?? anonymous)?.agent;
  return agent === undefined
    ? undefined
    : { class: agent.standard, provider: agent.provider, type: agent.type };
}
