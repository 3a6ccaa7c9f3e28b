/** The deliberate bugs. Each must be noticed within some hundred seeds; `npm run sim -- --bugs` counts them. */
import { later, seconds } from '../../core/base/time.ts';
import type { ExecutorEvent } from '../../core/daemons/contract.ts';
import type { ExecutorAction, ExecutorRequest } from '../../core/messages/executor.ts';
import { EXECUTION } from '../../core/model/exit-status.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import type { SimNode } from '../world/node.ts';
import type { Bug } from './bug.ts';

function isFencing(action: string): boolean {
  return action === 'off' || action === 'reboot';
}

function executes(request: ExecutorRequest, operation: string): boolean {
  return (
    request.kind === 'execute' && request.action.operation === operation && request.action.interval === 0
  );
}

/** So much later than any clock may be off, in milliseconds. */
const FAR = 1_000_000_000;

export const BUGS: readonly Bug[] = [
  {
    name: 'fence-result-ignored',
    says: 'a fencing that failed is taken for one that succeeded',
    executorEffect: (effect, { world, member }) => {
      if (effect.kind !== 'reply' || effect.reply.kind !== 'result') return [effect];
      const { result } = effect.reply;
      if (!isFencing(result.action.operation) || result.exitStatus === 0) return [effect];
      world.note(`${member.name} bug: fencing succeeds`);
      return [{ kind: 'reply', reply: { kind: 'result', result: { ...result, status: 0, exitStatus: 0 } } }];
    },
  },
  {
    name: 'quorum-ignored',
    says: 'a minority goes on as if it were a majority',
    supervisorEvent: event => (event.kind === 'membership' ? [{ ...event, quorate: true }] : [event]),
  },
  {
    name: 'fence-too-early',
    says: 'fencing counts as done when it was asked for',
    supervisorEffect: (effect, node) => {
      if (effect.kind !== 'ask-executor' || effect.request.kind !== 'execute') return [effect];
      const { action } = effect.request;
      if (!isFencing(action.operation)) return [effect];
      const at = node.clock();
      const result = { result: -action.call, action, status: 0, exitStatus: 0 } as const;
      const times = { queuedAt: at, startedAt: at, endedAt: at };
      node.after(1, () =>
        node.supervisor?.feed({
          kind: 'executor-reply',
          reply: { kind: 'result', result: { ...result, ...times } },
        }),
      );
      return [];
    },
  },
  {
    name: 'fence-wrong-node',
    says: 'the agent is told the name of another node',
    executorEffect: (effect, { world }) => {
      if (effect.kind !== 'spawn' || effect.agent.standard !== 'stonith' || !isFencing(effect.action)) {
        return [effect];
      }
      const names = world.nodes.map(({ member }) => member.name as string);
      const other = names[(names.indexOf(effect.parameters.nodename ?? '') + 1) % names.length] ?? '';
      return [{ ...effect, parameters: { ...effect.parameters, nodename: other, plug: other, port: other } }];
    },
  },
  {
    name: 'double-dispatch',
    says: 'an action is handed to the executor twice',
    supervisorEffect: effect =>
      effect.kind === 'ask-executor' && executes(effect.request, 'start') ? [effect, effect] : [effect],
  },
  {
    name: 'acknowledged-at-once',
    says: 'a write is acknowledged before anybody has it',
    supervisorEvent: (event, node) => {
      const { kind } = event;
      if (kind === 'client-request' && event.body.kind === 'cib' && event.body.operation !== 'query') {
        const { client, request } = event;
        node.after(1, () => node.supervisor?.answer({ kind: 'reply', client, request, reply: { ok: true } }));
      }
      return [event];
    },
  },
  {
    name: 'stored-too-early',
    says: 'a write counts as durable while the disk is still at it',
    supervisorEffect: (effect, node) => {
      if (effect.kind !== 'store-cib') return [effect];
      const { supervisor } = node;
      node.after(1, () => {
        if (node.supervisor === supervisor) supervisor?.feed({ kind: 'cib-stored', effect: effect.effect });
      });
      node.disk.begin(effect.effect, { cib: effect.cib, lineage: effect.lineage });
      node.after(20_000, () => node.disk.finish(effect.effect));
      return [];
    },
  },
  {
    name: 'stale-cib-wins',
    says: 'a node that comes back makes its old CIB the newest',
    supervisorEvent: event => {
      if (event.kind !== 'started' || event.lineage === undefined) return [event];
      const { term, writes } = event.lineage;
      return [{ ...event, lineage: { term: term + FAR, writes } }];
    },
  },
  {
    name: 'results-not-kept',
    says: 'the executor forgets what ended while nobody listened',
    faults: { 'crash-pacemakerd': 5, 'end-service': 5 },
    executorEffect: effect => {
      if (effect.kind !== 'reply' || effect.reply.kind !== 'listed') return [effect];
      return [{ kind: 'reply', reply: { ...effect.reply, unacknowledged: [] } }];
    },
  },
  {
    name: 'monitors-forgotten',
    says: 'recurring operations end with pacemakerd and are believed to go on',
    executorEvent: (event, node) => {
      if (event.kind === 'disconnected') return [event, ...forgetRecurring(node)];
      if (event.kind !== 'request' || event.request.kind !== 'execute') return [event];
      const { action } = event.request;
      if (action.interval > 0) recurringOf(node).set(`${action.resource} ${action.interval}`, action);
      if (action.operation === 'stop') dropResource(node, action.resource);
      return [event];
    },
    executorEffect: (effect, node) => {
      if (effect.kind !== 'reply' || effect.reply.kind !== 'listed') return [effect];
      const unacknowledged = effect.reply.unacknowledged.filter(
        ({ status }) => status !== EXECUTION.cancelled,
      );
      const recurring = [...recurringOf(node).values()];
      return [{ kind: 'reply', reply: { ...effect.reply, recurring, unacknowledged } }];
    },
  },
  {
    name: 'failure-counted-twice',
    says: 'a result is taken in again under another number, as of a second later',
    supervisorEvent: event => {
      if (event.kind !== 'executor-reply' || event.reply.kind !== 'result') return [event];
      const { result } = event.reply;
      if (result.exitStatus === 0 || result.action.interval === 0) return [event];
      const changedAt = later(result.changedAt ?? result.startedAt, seconds(1));
      const again = { ...result, result: result.result + 1_000_000, changedAt };
      return [event, { kind: 'executor-reply', reply: { kind: 'result', result: again } }];
    },
  },
  {
    name: 'failure-swallowed',
    says: 'a monitor that failed is not reported',
    executorEffect: effect => {
      if (effect.kind !== 'reply' || effect.reply.kind !== 'result') return [effect];
      const { action, exitStatus } = effect.reply.result;
      return action.interval > 0 && exitStatus === 7 ? [] : [effect];
    },
  },
  {
    name: 'two-dcs',
    says: 'a node that hears no votes believes that it is elected',
    supervisorEvent: (event, node) => {
      if (event.kind !== 'message' || event.message.to !== 'controller' || node.index !== 0) return [event];
      return /vote/.test(event.message.body.kind) && event.from !== node.member.name ? [] : [event];
    },
  },
  {
    name: 'stop-faked',
    says: 'a stop is reported as done without running the agent',
    executorEffect: (effect, node) => {
      if (effect.kind !== 'spawn' || effect.action !== 'stop') return [effect];
      node.after(1, () =>
        node.executor?.feed({ kind: 'exited', effect: effect.effect, status: 0, stdout: '', stderr: '' }),
      );
      return [];
    },
  },
  {
    name: 'probe-faked',
    says: 'a probe answers that nothing runs without looking',
    executorEffect: (effect, node) => {
      if (effect.kind !== 'spawn' || effect.action !== 'monitor' || effect.agent.standard === 'stonith') {
        return [effect];
      }
      if (effect.parameters.CRM_meta_interval !== undefined && effect.parameters.CRM_meta_interval !== '0') {
        return [effect];
      }
      node.after(1, () =>
        node.executor?.feed({ kind: 'exited', effect: effect.effect, status: 7, stdout: '', stderr: '' }),
      );
      return [];
    },
  },
  {
    name: 'old-picture',
    says: 'transitions are computed from the CIB before the last',
    supervisorEffect: (effect, node) => {
      if (effect.kind !== 'compute-transition') return [effect];
      const old = lastScheduled.get(node) ?? effect.cib;
      lastScheduled.set(node, effect.cib);
      return [{ ...effect, cib: old }];
    },
  },
  {
    name: 'message-lost',
    says: 'one node in a ring does not deliver what the others do',
    supervisorEvent: (event, node) =>
      event.kind === 'message' && event.from !== node.member.name && node.random.chance(0.01) ? [] : [event],
  },
  {
    name: 'message-twice',
    says: 'one node delivers a message twice',
    supervisorEvent: (event, node) =>
      event.kind === 'message' && node.random.chance(0.02) ? [event, event] : [event],
  },
];

const lastScheduled = new WeakMap<object, XmlElement>();
const recurring = new WeakMap<SimNode, Map<string, ExecutorAction>>();

function recurringOf(node: SimNode): Map<string, ExecutorAction> {
  const known = recurring.get(node) ?? new Map<string, ExecutorAction>();
  recurring.set(node, known);
  return known;
}

function dropResource(node: SimNode, resource: string): void {
  for (const [key, action] of recurringOf(node)) {
    if (action.resource === resource) recurringOf(node).delete(key);
  }
}

const forgetRecurring = (node: SimNode): readonly ExecutorEvent[] =>
  [...recurringOf(node).values()].map(({ resource, operation, interval }) => ({
    kind: 'request',
    request: { kind: 'cancel', resource, operation, interval },
  }));
