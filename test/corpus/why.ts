import { applyEdit, type Edit } from '../../src/core/scheduler/explain/edit.ts';
import { whyNeeded } from '../../src/core/scheduler/explain/needed.ts';
import { findAction, graphedActions, nameOf, placesOf } from '../../src/core/scheduler/explain/outcome.ts';
import { allReasons, inquire, type Reason } from '../../src/core/scheduler/explain/reason.ts';
import { whyNotRunning } from '../../src/core/scheduler/explain/stopped.ts';
import { plannedNode, primitivesIn } from '../../src/core/scheduler/explain/subject.ts';
import { type Schedule, type ScheduleInput, schedule } from '../../src/core/scheduler/schedule.ts';

type Evidence = Schedule['evidence'];

/** An action of the plan, or a resource that will not run, with the reasons that are given for it. */
export interface Explained {
  readonly what: 'action' | 'stopped';
  readonly name: string;
  readonly reasons: readonly Reason[];
  /** Whether it is otherwise in another plan. */
  readonly differs: (other: Evidence) => boolean;
}

export function* explainedIn({ evidence }: Schedule): Generator<Explained> {
  for (const action of graphedActions(evidence)) {
    const name = nameOf(action);
    yield {
      what: 'action',
      name: `${action.key} ${name.node ?? ''}`,
      reasons: whyNeeded(inquire(evidence), action),
      differs: other => findAction(other, name) === undefined,
    };
  }
  for (const resource of evidence.resources.flatMap(primitivesIn)) {
    if (plannedNode(resource) !== undefined) continue;
    const before = placesOf(evidence, resource.id);
    yield {
      what: 'stopped',
      name: resource.id,
      reasons: whyNotRunning(inquire(evidence), resource),
      differs: other => placesOf(other, resource.id) !== before,
    };
  }
}

/** How a named cause fared when it was undone: alone, with the others that are named beside it, or in vain. */
export type Fate = 'alone' | 'together' | 'unmoved';

/** Undoes each cause that is named and can be undone, plans anew, and tells what came of it. */
export function* undoneIn(input: ScheduleInput): Generator<{ readonly kind: string; readonly fate: Fate }> {
  const plans = new Map<string, Evidence | undefined>();
  const planWithout = (edits: readonly Edit[]): Evidence | undefined => {
    const key = JSON.stringify(edits);
    if (!plans.has(key)) plans.set(key, planAfter(input, edits));
    return plans.get(key);
  };
  for (const one of explainedIn(schedule(input))) {
    const moves = (edits: readonly Edit[]): boolean => {
      const plan = planWithout(edits);
      return plan !== undefined && one.differs(plan);
    };
    const named = allReasons(one.reasons).flatMap(({ kind, undo = [] }) =>
      undo.slice(0, 1).map(edit => ({ kind, edit })),
    );
    const all = [...new Map(named.map(({ edit }) => [JSON.stringify(edit), edit])).values()];
    for (const { kind, edit } of named) {
      const fate = moves([edit]) ? 'alone' : all.length > 1 && moves(all) ? 'together' : 'unmoved';
      yield { kind: `${one.what}: ${kind}`, fate };
    }
  }
}

function planAfter(input: ScheduleInput, edits: readonly Edit[]): Evidence | undefined {
  let { cib } = input;
  for (const edit of edits) cib = applyEdit(cib, edit) ?? cib;
  return cib === input.cib ? undefined : schedule({ ...input, cib }).evidence;
}
