import type { XmlElement } from '../../xml/element.ts';
import { type ScheduleInput, schedule } from '../schedule.ts';
import { applyEdit, type Edit } from './edit.ts';
import { changesNamed, type Explanation, type Question } from './explain.ts';
import { findAction, placesOf } from './outcome.ts';

/** The smallest change found that alters an answer, and what would be so then. */
export interface Remedy {
  readonly changes: readonly Edit[];
  readonly outcome: string;
}

/** So many plans are made at most to find one. */
const ATTEMPTS = 60;

/**
 * Looks for the smallest change of the CIB that brings about what is wished for, among those that the reasons name:
 * each is tried in a plan of its own; where none alone is enough, all for one node together, and then all.
 */
export function findRemedy(
  input: ScheduleInput,
  { question, explanation }: { readonly question: Question; readonly explanation: Explanation },
): Remedy | undefined {
  const named = [...changesNamed(explanation)].sort((left, right) => RANK[left.kind] - RANK[right.kind]);
  const before = outcomeOf(input, input.cib, { question, explanation });
  for (const changes of attempts(named, explanation).slice(0, ATTEMPTS)) {
    const cib = edited(input.cib, changes);
    if (cib === undefined) continue;
    const after = outcomeOf(input, cib, { question, explanation });
    if (fulfils(explanation, { before, after })) return { changes, outcome: after.text };
  }
  return undefined;
}

/** What asks least of an administrator comes first. */
const RANK: Readonly<Record<Edit['kind'], number>> = {
  'clear-failures': 0,
  'end-standby': 1,
  'end-maintenance': 1,
  'end-shutdown': 2,
  'set-meta': 3,
  'grant-ticket': 4,
  'delete-constraint': 5,
  'prefer-node': 6,
  'disable-operation': 6,
  forget: 7,
  'mend-health': 8,
  'node-online': 9,
  'gain-quorum': 10,
  'set-option': 11,
};

function attempts(named: readonly Edit[], { reasons }: Explanation): readonly (readonly Edit[])[] {
  const single = named.map(one => [one]);
  const nodes = [...new Set(reasons.flatMap(one => one.node ?? []))];
  const byNode = nodes.map(node =>
    changesNamed({ reasons: reasons.filter(one => one.node === node || one.node === undefined) }),
  );
  return [...single, ...byNode.filter(one => one.length > 1), ...(named.length > 1 ? [named] : [])];
}

function edited(cib: XmlElement, changes: readonly Edit[]): XmlElement | undefined {
  let at = cib;
  for (const one of changes) at = applyEdit(at, one) ?? at;
  return at === cib ? undefined : at;
}

interface Outcome {
  readonly places: string;
  readonly planned: boolean;
  readonly text: string;
}

interface Asked {
  readonly question: Question;
  readonly explanation: Explanation;
}

function outcomeOf(input: ScheduleInput, cib: XmlElement, { question, explanation }: Asked): Outcome {
  const { evidence } = schedule({ ...input, cib });
  const { subject, node } = explanation;
  if (question.about === 'action') {
    const planned = findAction(evidence, { key: subject, node }) !== undefined;
    return { places: '', planned, text: planned ? `${subject} is planned` : `${subject} is not planned` };
  }
  const places = placesOf(evidence, subject);
  const text = places === '' ? `${subject} runs nowhere` : places;
  return { places, planned: true, text };
}

function fulfils(
  { wish, subject, node }: Explanation,
  { before, after }: { readonly before: Outcome; readonly after: Outcome },
): boolean {
  if (before.planned !== after.planned) return true;
  if (before.places === after.places) return false;
  switch (wish) {
    case 'runs':
      return after.places.length > before.places.length || before.places === '';
    case 'runs-there':
      return countOn(after.places, node) > countOn(before.places, node) && subject !== '';
    case 'otherwise':
      return true;
  }
}

const countOn = (places: string, node: string | undefined): number =>
  places.split(', ').filter(one => one.endsWith(` on ${node}`) || one.includes(` on ${node} `)).length;
