import type { Edit } from './edit.ts';
import type { Explanation } from './explain.ts';
import type { Reason } from './reason.ts';
import type { Remedy } from './remedy.ts';

/** A change in the words of an administrator. */
export function changeText(edit: Edit): string {
  switch (edit.kind) {
    case 'delete-constraint':
      return `delete constraint ${edit.constraint}`;
    case 'prefer-node':
      return `add a location constraint that allows ${edit.resource} on ${edit.node}`;
    case 'set-option':
      return `set cluster option ${edit.name}=${edit.value}`;
    case 'set-meta':
      return `set ${edit.name}=${edit.value} for ${edit.resource}`;
    case 'disable-operation':
      return `disable operation ${edit.operation}`;
    case 'node-online':
      return `bring ${edit.node} online`;
    case 'end-standby':
      return `take ${edit.node} out of standby`;
    case 'end-maintenance':
      return `take ${edit.node} out of maintenance`;
    case 'end-shutdown':
      return `let ${edit.node} stay up`;
    case 'mend-health':
      return `mend what makes ${edit.node} unhealthy`;
    case 'clear-failures':
      return `clear the failures of ${edit.resource} on ${edit.node}`;
    case 'forget':
      return `refresh ${edit.resource} on ${edit.node}`;
    case 'grant-ticket':
      return `grant ticket ${edit.ticket}`;
    case 'gain-quorum':
      return 'regain quorum';
  }
}

export interface Answer extends Explanation {
  readonly remedy?: Remedy | undefined;
}

export interface AnswerView {
  /** The table of scores, too. */
  readonly scores: boolean;
}

/** An answer as lines: what is so, why, and what would alter it. */
export function answerLines(answer: Answer, { scores }: AnswerView): readonly string[] {
  const lines = [answer.statement, ...reasonLines(answer.reasons, 1)];
  for (const { action, order } of answer.waitsFor ?? []) lines.push(`  after: ${action} (${order})`);
  if (scores) {
    for (const one of answer.scores ?? []) {
      lines.push(`  score on ${one.node}: ${one.score}`);
      for (const part of one.parts) lines.push(`    ${part.score.padStart(9)}  ${part.text}`);
    }
  }
  if (answer.remedy !== undefined) {
    const changes = answer.remedy.changes.map(changeText).join(', and ');
    lines.push(`  To alter that: ${changes}`, `    then: ${answer.remedy.outcome}`);
  }
  return lines;
}

function reasonLines(reasons: readonly Reason[], depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  return reasons.flatMap(({ text, because = [] }) => [
    `${indent}* ${text}${because.length === 0 ? '' : ', because'}`,
    ...reasonLines(because, depth + 1),
  ]);
}
