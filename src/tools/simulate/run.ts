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
  const { cib, clock, extent, suppositions, failures } = input;
  const written = Number(attribute(cib, 'execution-date'));
  const recorded = input.at === undefined && written > 0;
  const now = input.at ?? (recorded ? instant(written * 1000) : clock);
  // Without suppositions the scheduler's picture is the one before: it is not drawn twice.
  const supposes = isAny(suppositions);
  const drawn = supposes || extent === 'show' ? unpack({ cib, now }) : undefined;
  const injected =
    drawn !== undefined && supposes
      ? inject({ cib, suppositions, now: clock, agentOf: id => agentOf(drawn, id) })
      : undefined;
  const supposed = injected?.cib ?? cib;
  const so = { now, recorded, cib: supposed, ...(injected && { injected }) };
  if (drawn !== undefined && extent === 'show') return { ...so, before: drawn };
  const decided = schedule({ cib: supposed, now, sanitized: true });
  const before = drawn ?? decided.picture;
  if (extent === 'decide') return { ...so, before, schedule: decided };
  const names = namesOf(decided.picture.resources);
  const isResource = (id: string) => names.has(id);
  const execution = execute({ graph: decided.graph, cib: supposed, now: clock, failures, isResource });
  return { ...so, before, schedule: decided, execution, after: unpack({ cib: execution.cib, now }) };
}

const isAny = (suppositions: Suppositions): boolean =>
  Object.values(suppositions).some(one => (Array.isArray(one) ? one.length > 0 : one !== undefined));

/** An instance of an anonymous clone goes by its primitive's name. */
function agentOf(picture: Picture, id: string) {
  const agent = (picture.resourceById.get(id) ?? picture.resourceById.get(`${id}:0`))?.agent;
  return agent === undefined
    ? undefined
    : { class: agent.standard, provider: agent.provider, type: agent.type };
}
