import { applyEdit, type Edit } from '../../src/core/scheduler/explain/edit.ts';
import { whyNeeded } from '../../src/core/scheduler/explain/needed.ts';
import { graphedActions, placesOf } from '../../src/core/scheduler/explain/outcome.ts';
import { allReasons, inquire, type Reason } from '../../src/core/scheduler/explain/reason.ts';
import { whyNotRunning } from '../../src/core/scheduler/explain/stopped.ts';
import { plannedNode, primitivesIn } from '../../src/core/scheduler/explain/subject.ts';
import { type Schedule, type ScheduleInput, schedule } from '../../src/core/scheduler/schedule.ts';

type Evidence = Schedule['evidence'];
type Action = Evidence['actions'][number];

/** An action of the plan, or a resource that will not run, with the reasons that are given for it. */
export interface Explained {
  readonly what: 'action' | 'stopped';
  readonly name: string;
  readonly reasons: readonly Reason[];
}

/** As much of a plan as tells whether an answer is another: its actions, and where what was stopped will be. */
interface Outcome {
  readonly actions: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, string>;
}

const nameOf = ({ key, task, node }: Action): string => `${key} ${task} ${node?.name ?? ''}`;

const outcomeOf = (evidence: Evidence, stopped: readonly string[]): Outcome => ({
  actions: new Set(graphedActions(evidence).map(nameOf)),
  places: new Map(stopped.map(id => [id, placesOf(evidence, id)])),
});

export function* explainedIn({ evidence }: Schedule): Generator<Explained> {
  for (const action of graphedActions(evidence)) {
    yield { what: 'action', name: nameOf(action), reasons: whyNeeded(inquire(evidence), action) };
  }
  for (const resource of evidence.resources.flatMap(primitivesIn)) {
    if (plannedNode(resource) !== undefined) continue;
    yield { what: 'stopped', name: resource.id, reasons: whyNotRunning(inquire(evidence), resource) };
  }
}

/** How a named cause fared when it was undone: alone, with the others that are named beside it, or in vain. */
export type Fate = 'alone' | 'together' | 'unmoved';

/** Undoes each cause that is named and can be undone, plans anew, and tells what came of it. */
export function* undoneIn(input: ScheduleInput): Generator<{ readonly kind: string; readonly fate: Fate }> {
  const made = schedule(input);
  const explained = [...explainedIn(made)];
  const stopped = explained.flatMap(one => (one.what === 'stopped' ? one.name : []));
  const before = outcomeOf(made.evidence, stopped);
  const outcomes = new Map<string, Outcome | undefined>();
  const outcomeWithout = (edits: readonly Edit[]): Outcome | undefined => {
    const key = JSON.stringify(edits);
    if (!outcomes.has(key)) {
      const plan = planAfter(input, edits);
      outcomes.set(key, plan && outcomeOf(plan, stopped));
    }
    return outcomes.get(key);
  };
  for (const one of explained) {
    const moves = (edits: readonly Edit[]): boolean => {
      const after = outcomeWithout(edits);
      if (after === undefined) return false;
      return one.what === 'action'
        ? !after.actions.has(one.name)
        : after.places.get(one.name) !== before.places.get(one.name);
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
