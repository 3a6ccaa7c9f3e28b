import { unreachable } from '../base/assert.ts';
import { printScore } from '../model/score.ts';
import type { Amounts, Change, ScoreLine } from '../scheduler/schedule.ts';
import type { ExecutedStep } from '../simulation/execute.ts';
import type { AttributeInjection, Injection } from '../simulation/inject.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { nodeOf, nodeTask } from './change-text.ts';
import { ASSIGNERS, ASSIGNMENT, CAPACITY_WORDS, sortedAmounts } from './scores-text.ts';

function injectionElement(step: Injection): readonly XmlElement[] {
  switch (step.kind) {
    case 'quorum':
    case 'watchdog':
    case 'refused':
      return [];
    case 'node-up':
      return [element('modify_node', { action: 'Online', node: step.node })];
    case 'node-down':
      return [element('modify_node', { action: 'Offline', node: step.node })];
    case 'node-failed':
      return [element('modify_node', { action: 'Failing', node: step.node })];
    case 'grant':
      return [element('modify_ticket', { action: 'Granting', ticket: step.ticket })];
    case 'revoke':
      return [element('modify_ticket', { action: 'Revoking', ticket: step.ticket })];
    case 'standby':
      return [element('modify_ticket', { action: 'Standby', ticket: step.ticket })];
    case 'activate':
      return [element('modify_ticket', { action: 'Activating', ticket: step.ticket })];
    case 'operation':
      return [element('inject_spec', { spec: step.specification })];
    case 'attribute':
      return [attributeElement(step)];
    default:
      return unreachable(step);
  }
}

/** The `modifications` element: quorum and watchdog are attributes of it. */
export function modificationsElement(steps: readonly Injection[]): XmlElement {
  const quorum = steps.find(step => step.kind === 'quorum');
  const watchdog = steps.find(step => step.kind === 'watchdog');
  return element(
    'modifications',
    { quorum: quorum?.quorate, watchdog: watchdog?.present },
    steps.flatMap(injectionElement),
  );
}

const attributeElement = ({ name, value, nodeId }: AttributeInjection): XmlElement =>
  element('inject_attr', { name, value, node_path: '/node_state', cib_node: nodeId });

export function executedElement(step: ExecutedStep): readonly XmlElement[] {
  switch (step.kind) {
    case 'pseudo':
      return [element('pseudo_action', { task: step.key, node: step.node })];
    case 'resource':
      return [
        element('rsc_action', {
          resource: step.resource,
          op: step.operation,
          node: step.node,
          interval: step.interval === 0 ? undefined : step.interval,
        }),
      ];
    case 'cluster':
      return [element('cluster_action', { task: step.operation, node: step.node, id: step.resource })];
    case 'fencing':
      return [element('fencing_action', { target: step.node, op: step.action })];
    case 'attribute':
    case 'supposed-failure':
      return [];
    default:
      return unreachable(step);
  }
}

/** Nothing for what happens to a node without a reason: the schema has no place for it. */
export function changeElements(change: Change): readonly XmlElement[] {
  const { word, subject, resource, reason, blocked } = change;
  if (resource !== undefined) {
    return [
      element('rsc_action', {
        action: word.toLowerCase(),
        resource: subject,
        ...placeOf(change),
        reason,
        blocked: blocked ? true : undefined,
      }),
    ];
  }
  if (reason === undefined) return [];
  return [element('node_action', { task: nodeTask(change), node: nodeOf(change), reason })];
}

/** Where a resource is and will be, and its roles as far as they matter: those of promotable instances, or new ones. */
function placeOf({ from, to, fromRole, toRole }: Change): Readonly<Record<string, string | undefined>> {
  const promotable = fromRole === 'Promoted' || fromRole === 'Unpromoted' || toRole === 'Promoted';
  const role = promotable ? fromRole : undefined;
  if (from === undefined) return promotable ? { role, 'next-role': toRole, dest: to } : { node: to };
  if (to === undefined) return { role, node: from };
  const dest = to === from ? undefined : to;
  if (fromRole === toRole) return dest === undefined ? { role, source: from } : { source: from, dest, role };
  if (dest === undefined) return { role: fromRole, 'next-role': toRole, source: from };
  return { role: fromRole, source: from, 'next-role': toRole, dest };
}

export function scoreElement(line: ScoreLine): XmlElement {
  switch (line.kind) {
    case 'assignment':
      return element('node_weight', {
        function: ASSIGNERS[line.by],
        node: line.node,
        score: printScore(line.score),
        id: line.resource,
      });
    case 'promotion':
      return element('promotion_score', {
        id: line.resource,
        score: printScore(line.score),
        node: line.node,
      });
    case 'capacity':
      return element(
        'capacity',
        { node: line.node, comment: CAPACITY_WORDS[line.when] },
        amountElements(line.amounts),
      );
    case 'utilization':
      return element(
        'utilization',
        { resource: line.resource, node: line.node, function: ASSIGNMENT },
        amountElements(line.amounts),
      );
  }
}

const amountElements = (amounts: Amounts): readonly XmlElement[] =>
  sortedAmounts(amounts).map(([name, amount]) => element(name, {}, [], amount));
