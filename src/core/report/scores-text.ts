import { printScore } from '../model/score.ts';
import type { Amounts, ScoreLine } from '../scheduler/schedule.ts';

export const ASSIGNERS = {
  primitive: 'pcmk__primitive_assign',
  group: 'pcmk__group_assign',
  clone: 'pcmk__clone_assign',
  bundle: 'pcmk__bundle_assign',
} as const;
export const ASSIGNMENT = 'pcmk__assign_resource';
export const CAPACITY_WORDS = { original: 'Original', remaining: 'Remaining' } as const;

/** What `--show-scores` and `--show-utilization` print, in Pacemaker's words, which scripts read. */
export function scoreLine(line: ScoreLine): string {
  switch (line.kind) {
    case 'assignment':
      return `${ASSIGNERS[line.by]}: ${line.resource} allocation score on ${line.node}: ${printScore(line.score)}`;
    case 'promotion':
      return line.node === undefined
        ? `${line.resource} promotion score (inactive): ${printScore(line.score)}`
        : `${line.resource} promotion score on ${line.node}: ${printScore(line.score)}`;
    case 'capacity':
      return `${CAPACITY_WORDS[line.when]}: ${line.node} capacity:${amountsText(line.amounts)}`;
    case 'utilization':
      return `${ASSIGNMENT}: ${line.resource} utilization on ${line.node}:${amountsText(line.amounts)}`;
  }
}

const amountsText = (amounts: Amounts): string =>
  sortedAmounts(amounts)
    .map(([name, amount]) => ` ${name}=${amount}`)
    .join('');

export const sortedAmounts = (amounts: Amounts): readonly (readonly [string, string])[] =>
  [...amounts]
    .map(([name, amount]) => [name, String(amount)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));

/** `--show-scores` and `--show-utilization` each show lines of their own. */
export const isOfUtilization = ({ kind }: ScoreLine): boolean =>
  kind === 'capacity' || kind === 'utilization';
