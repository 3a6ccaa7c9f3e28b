import { printDate } from '../../core/model/iso8601.ts';
import { changeLines } from '../../core/report/change-text.ts';
import { failureOutline } from '../../core/report/failures.ts';
import { attributeOutline } from '../../core/report/node-attributes.ts';
import { nodeSection } from '../../core/report/node-list.ts';
import { failCountOutline } from '../../core/report/operations.ts';
import { printSections } from '../../core/report/outline.ts';
import { isOfUtilization, scoreLine } from '../../core/report/scores-text.ts';
import { executedLine, injectionLine, printSteps } from '../../core/report/simulation-text.ts';
import { countInstances, resourceSection } from '../../core/report/status-text.ts';
import { maintenanceText } from '../../core/report/summary.ts';
import { PLAIN_VIEW, type View } from '../../core/report/view.ts';
import type { Schedule } from '../../core/scheduler/schedule.ts';
import type { Picture } from '../../core/status/picture.ts';
import type { SimulationRun } from './run.ts';

export interface SimulationView {
  readonly quiet: boolean;
  readonly attributes: boolean;
  readonly failCounts: boolean;
  readonly scores: boolean;
  readonly utilization: boolean;
  /** The effective time as the user gave it. */
  readonly date?: string | undefined;
}

/** All that `crm_simulate` prints as text. */
export function simulationText(run: SimulationRun, view: SimulationView): string {
  const { quiet } = view;
  const date = quiet ? '' : dateLine(run, view);
  const parts = [date, quiet ? '' : currentText(run.before, view)];
  if (run.injected !== undefined && !quiet) {
    const lines = run.injected.steps.flatMap(step => (step.kind === 'refused' ? [] : [injectionLine(step)]));
    parts.push('\nPerforming Requested Modifications:\n', printSteps(lines), date);
  }
  if (run.schedule !== undefined) parts.push(scoresText(run.schedule, view), summaryText(run.schedule, view));
  if (run.execution !== undefined && run.after !== undefined && !quiet) {
    parts.push('\nExecuting Cluster Transition:\n', printSteps(run.execution.steps.map(executedLine)));
    parts.push(date, '\nRevised Cluster Status:\n', statusText(run.after, view, false));
  }
  return parts.join('');
}

function dateLine({ recorded, now }: SimulationRun, { date }: SimulationView): string {
  if (date !== undefined) return `Setting effective cluster time: ${date}\n`;
  return recorded ? `Using the original execution date of: ${printDate(now)}\n` : '';
}

function currentText(picture: Picture, view: SimulationView): string {
  const maintenance = picture.options.maintenanceMode ? maintenanceText(picture) : undefined;
  const { total, disabled, blocked } = countInstances(picture.resources);
  const counts =
    disabled + blocked === 0
      ? ''
      : `${disabled} of ${total} resource instances DISABLED and ${blocked} BLOCKED from further action due to failure\n\n`;
  return [
    maintenance === undefined ? '' : `\n${maintenance}\n`,
    counts,
    'Current cluster status:\n',
    statusText(picture, view, true),
  ].join('');
}

function statusText(picture: Picture, { attributes, failCounts }: SimulationView, pending: boolean): string {
  const view: View = { ...PLAIN_VIEW, inactive: true, pending };
  return printSections(
    [
      ...nodeSection(picture, view),
      ...resourceSection(picture, view),
      ...(attributes ? attributeOutline(picture, view) : []),
      ...(failCounts ? failCountOutline(picture, view) : []),
      ...(failCounts ? failureOutline(picture, { ...view, detail: true }) : []),
    ],
    1,
  );
}

function scoresText(schedule: Schedule, { quiet, scores, utilization }: SimulationView): string {
  if (!scores && !utilization) return '';
  const shown = schedule.scores.filter(line => (isOfUtilization(line) ? utilization : scores));
  const lines = shown.map(line => `${quiet ? '' : '  * '}${scoreLine(line)}\n`).join('');
  const heading = scores
    ? `Assignment Scores${utilization ? ' and Utilization Information' : ''}`
    : 'Utilization Information';
  return `\n${quiet ? '' : `${heading}:\n`}${lines}`;
}

const summaryText = ({ changes }: Schedule, { quiet }: SimulationView): string =>
  quiet
    ? ''
    : `\nTransition Summary:\n${changeLines(changes)
        .map(line => `  * ${line}\n`)
        .join('')}`;
