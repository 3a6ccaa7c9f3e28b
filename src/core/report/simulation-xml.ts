import { unreachable } from '../base/assert.ts';
import { printScore } from '../model/score.ts';
import type { Change, ScoreLine } from '../scheduler/schedule.ts';
import type { ExecutedStep } from '../simulation/execute.ts';
import type { AttributeInjection, Injection } from '../simulation/inject.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { ASSIGNERS } from './scores-text.ts';

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

export function changeElement(change: Change): XmlElement {
  const { word, subject, resource, from, to, reason, blocked, fromRole, toRole, fencing } = change;
  if (resource === undefined) {
    return element('node_action', { task: fencing ?? word, node: subject, reason });
  }
  const sameNode = from === to || to === undefined || from === undefined;
  return element('rsc_action', {
    action: word.toLowerCase(),
    resource: subject,
    role: fromRole,
    'next-role': toRole === fromRole ? undefined : toRole,
    node: sameNode ? (from ?? to) : undefined,
    source: sameNode ? undefined : from,
    dest: sameNode ? undefined : to,
    reason,
    blocked: blocked ? true : undefined,
  });
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
    case 'utilization':
      return utilizationElement(line.text);
  }
}

const UTILIZATION = /^(\w+): (\S+) utilization on (\S+):(.*)$/;
const CAPACITY = /^(\w+): (\S+) capacity:(.*)$/;

function utilizationElement(text: string): XmlElement {
  const used = UTILIZATION.exec(text);
  const pairs = (list: string) =>
    Object.fromEntries([...list.matchAll(/(\S+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
  if (used !== null) {
    const [, by, resource, node, list = ''] = used;
    return element('utilization', { resource, node, function: by, ...pairs(list) });
  }
  const [, comment, node, list = ''] = CAPACITY.exec(text) ?? [];
  return element('capacity', { node, comment, ...pairs(list) });
}
