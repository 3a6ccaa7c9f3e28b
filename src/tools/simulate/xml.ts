import { failuresElement } from '../../core/report/failures.ts';
import { attributesElement } from '../../core/report/node-attributes.ts';
import { nodeElement } from '../../core/report/node-xml.ts';
import { historyElement } from '../../core/report/operations.ts';
import { resourceElements } from '../../core/report/resource-xml.ts';
import { isOfUtilization } from '../../core/report/scores-text.ts';
import {
  changeElements,
  executedElement,
  modificationsElement,
  scoreElement,
} from '../../core/report/simulation-xml.ts';
import { PLAIN_VIEW } from '../../core/report/view.ts';
import type { Schedule } from '../../core/scheduler/schedule.ts';
import type { Picture } from '../../core/status/picture.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';
import type { SimulationRun } from './run.ts';
import type { SimulationView } from './text.ts';

/** All that `crm_simulate` prints as XML, inside the result. */
export function simulationElements(run: SimulationRun, view: SimulationView): readonly XmlElement[] {
  const { injected, schedule, execution, after } = run;
  const { quiet } = view;
  return [
    ...(quiet ? [] : [statusElement('cluster_status', run.before, view)]),
    ...(injected === undefined || quiet ? [] : [modificationsElement(injected.steps)]),
    ...(schedule === undefined ? [] : scoreElements(schedule, view)),
    ...(schedule === undefined || quiet
      ? []
      : [element('actions', {}, schedule.changes.flatMap(changeElements))]),
    ...(execution === undefined || quiet
      ? []
      : [element('transition', {}, execution.steps.flatMap(executedElement))]),
    ...(after === undefined || quiet ? [] : [statusElement('revised_cluster_status', after, view)]),
  ];
}

function statusElement(
  name: string,
  picture: Picture,
  { attributes, failCounts }: SimulationView,
): XmlElement {
  const view = { ...PLAIN_VIEW, inactive: true };
  return element(name, {}, [
    element(
      'nodes',
      {},
      picture.nodes.map(node => nodeElement(picture, node)),
    ),
    element('resources', {}, resourceElements(picture.resources, { pending: name === 'cluster_status' })),
    ...(attributes ? attributesElement(picture, view) : []),
    // The output schema has no place for it in the revised status.
    ...(failCounts && name === 'cluster_status'
      ? [historyElement(picture, view, { operations: false })]
      : []),
    ...(failCounts ? failuresElement(picture, view) : []),
  ]);
}

function scoreElements(
  schedule: Schedule,
  { scores: withScores, utilization }: SimulationView,
): readonly XmlElement[] {
  if (!withScores && !utilization) return [];
  const name = withScores ? (utilization ? 'allocations_utilizations' : 'allocations') : 'utilizations';
  const shown = schedule.scores.filter(line => (isOfUtilization(line) ? utilization : withScores));
  return [element(name, {}, shown.map(scoreElement))];
}
