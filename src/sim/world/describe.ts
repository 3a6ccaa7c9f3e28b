/** Events and effects as the short lines of a history. */
import type {
  ExecutorEffect,
  ExecutorEvent,
  SupervisorEffect,
  SupervisorEvent,
} from '../../core/daemons/contract.ts';
import type { ClientReply, ClientRequest } from '../../core/messages/client.ts';
import type { ExecutorAction, ExecutorReply, ExecutorRequest } from '../../core/messages/executor.ts';
import type { TransitionGraph } from '../../core/transition/graph.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';

export function describeSupervisorEvent(event: SupervisorEvent): string {
  switch (event.kind) {
    case 'started':
      return `started ${event.cib === undefined ? 'without a CIB' : describeCib(event.cib)}`;
    case 'membership':
      return `membership ${event.members.map(({ name }) => name).join(' ')} | ${event.peers.join(' ')}${event.quorate ? ' quorate' : ''}`;
    case 'message':
      return `${event.message.to} ${event.message.body.kind} from ${event.from}`;
    case 'executor-reply':
      return describeReply(event.reply);
    case 'client-request':
      return `client ${event.client}.${event.request} ${describeRequest(event.body)}`;
    case 'client-connected':
    case 'client-gone':
      return `${event.kind} ${event.client}`;
    case 'transition-computed':
      return `transition-computed ${describeGraph(event.result.graph)}`;
    case 'cib-stored':
    case 'device-placement-computed':
      return `${event.kind} ${event.effect}`;
    default:
      return event.kind;
  }
}

/** `undefined` for what leaves a line of its own elsewhere or says too little for its length. */
export function describeSupervisorEffect(effect: SupervisorEffect): string | undefined {
  switch (effect.kind) {
    case 'multicast':
      return `all: ${effect.message.to} ${effect.message.body.kind}`;
    case 'send':
      return `${effect.to}: ${effect.message.to} ${effect.message.body.kind}`;
    case 'ask-executor':
      return describeExecutorRequest(effect.request);
    case 'reply':
      return `reply ${effect.client}.${effect.request} ${describeAnswer(effect.reply)}`;
    case 'store-cib':
      return `store-cib ${effect.effect} ${describeCib(effect.cib)}`;
    case 'compute-transition':
      return `compute-transition ${effect.transition} of ${describeCib(effect.cib)}`;
    case 'log':
      return `log ${effect.level}: ${effect.text}${effect.fields === undefined ? '' : ` ${JSON.stringify(effect.fields)}`}`;
    case 'exit':
    case 'panic':
      return `${effect.kind}: ${effect.reason}`;
    case 'notify':
      return undefined;
    case 'compute-device-placement':
      return `${effect.kind} of ${describeCib(effect.cib)}`;
  }
}

export function describeExecutorEvent(event: ExecutorEvent): string {
  switch (event.kind) {
    case 'request':
      return describeExecutorRequest(event.request);
    case 'exited':
      return `exited ${event.effect} ${event.signal ?? event.status}`;
    default:
      return event.kind;
  }
}

export function describeExecutorEffect(effect: ExecutorEffect): string | undefined {
  switch (effect.kind) {
    case 'reply':
      return describeReply(effect.reply);
    case 'spawn':
      return `spawn ${effect.effect} ${effect.resource} ${effect.action} ${effect.parameters.nodename ?? ''}`;
    case 'kill-group':
      return `kill ${effect.effect} ${effect.signal}`;
    case 'keep-begun':
      return undefined;
    case 'log':
      return `log ${effect.level}: ${effect.text}`;
  }
}

const describeGraph = ({ synapses }: TransitionGraph): string =>
  synapses
    .flatMap(({ actions }) => actions.map(({ operationKey, node }) => `${operationKey}@${node?.name ?? ''}`))
    .join(' ');

const describeAction = ({ resource, operation, interval, call }: ExecutorAction): string =>
  `${resource}_${operation}_${interval} call ${call}`;

function describeExecutorRequest(request: ExecutorRequest): string {
  switch (request.kind) {
    case 'execute':
      return `execute ${describeAction(request.action)}`;
    case 'cancel':
      return `cancel ${request.resource}_${request.operation}_${request.interval}`;
    case 'acknowledge':
      return `acknowledge ${request.result}`;
    case 'forget':
      return `forget ${request.resource}`;
    default:
      return request.kind;
  }
}

function describeReply(reply: ExecutorReply): string {
  switch (reply.kind) {
    case 'result': {
      const { action, status, exitStatus, result } = reply.result;
      return `result ${result} ${describeAction(action)}: ${status}/${exitStatus}`;
    }
    case 'listed':
      return `listed ${reply.running.length} running, ${reply.recurring.length} recurring, ${reply.unacknowledged.length} kept`;
    default:
      return reply.kind;
  }
}

function describeRequest(request: ClientRequest): string {
  switch (request.kind) {
    case 'cib':
      return `cib ${request.operation} ${request.section ?? request.xpath ?? ''}`;
    case 'attribute':
      return `attribute ${request.operation} ${request.name ?? ''}=${request.value ?? ''}`;
    case 'controller':
    case 'fencer':
      return `${request.kind} ${request.operation}`;
    default:
      return request.kind;
  }
}

const describeAnswer = (reply: ClientReply): string =>
  reply.ok ? 'ok' : `${reply.refusal}: ${reply.message}`;

export const describeCib = (cib: XmlElement): string =>
  `${attribute(cib, 'admin_epoch') ?? 0}.${attribute(cib, 'epoch') ?? 0}.${attribute(cib, 'num_updates') ?? 0}`;
