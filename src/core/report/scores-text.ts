import { printScore } from '../model/score.ts';
import type { ScoreLine } from '../scheduler/schedule.ts';

export const ASSIGNERS = {
  primitive: 'pcmk__primitive_assign',
  group: 'pcmk__group_assign',
  clone: 'pcmk__clone_assign',
  bundle: 'pcmk__bundle_assign',
} as const;

/** What `--show-scores` and `--show-utilization` print, in Pacemaker's words, which scripts read. */
export function scoreLine(line: ScoreLine): string {
  switch (line.kind) {
    case 'assignment':
      return `${ASSIGNERS[line.by]}: ${line.resource} allocation score on ${line.node}: ${printScore(line.score)}`;
    case 'promotion':
      return line.node === undefined
        ? `${line.resource} promotion score (inactive): ${printScore(line.score)}`
        : `${line.resource} promotion score on ${line.node}: ${printScore(line.score)}`;
    case 'utilization':
      return line.text;
  }
}
