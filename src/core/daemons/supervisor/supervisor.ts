/**
 * All that runs in `pacemakerd`, as one machine. It routes and decides nothing:
 *
 * 1. An event goes to the daemons that hear it, in the fixed order cib, attributes, fencer, controller.
 * 2. What daemons say to each other is delivered within the same step, in the order in which it was said.
 * 3. What remains are effects on the world, in the order in which they arose.
 * 4. A client that is gone is not answered.
 */
import { assert, unreachable } from '../../base/assert.ts';
import { earliest, type Instant } from '../../base/time.ts';
import type { ClientIdentity, Topic } from '../../messages/client.ts';
import * as attributes from '../attributes/attributes.ts';
import * as cibManager from '../cib-manager/cib-manager.ts';
import type { ClientId, SupervisorEffect, SupervisorEnv, SupervisorEvent } from '../contract.ts';
import * as controller from '../controller/controller.ts';
import * as fencer from '../fencer/fencer.ts';
import { type DaemonEffect, type Delivery, routeEffect, routeEvent } from './route.ts';

export type Event = SupervisorEvent;
export type Effect = SupervisorEffect;
export type Env = SupervisorEnv;

interface Client {
  readonly identity: ClientIdentity;
  readonly topics: readonly Topic[];
}

export interface State {
  readonly cib: cibManager.State;
  readonly attributes: attributes.State;
  readonly fencer: fencer.State;
  readonly controller: controller.State;
  readonly clients: ReadonlyMap<ClientId, Client>;
}

export const initial: State = {
  cib: cibManager.initial,
  attributes: attributes.initial,
  fencer: fencer.initial,
  controller: controller.initial,
  clients: new Map(),
};

/** More deliveries than this within one step mean that two daemons answer each other without end. */
const DELIVERIES_PER_STEP = 100_000;

export function step(state: State, event: Event, env: Env): readonly [State, readonly Effect[]] {
  const [known, answers] = noteClient(state, event);
  const outward: Effect[] = [...answers];
  const queue: Delivery[] = [...routeEvent(event, known)];
  let now = known;
  for (let at = 0; at < queue.length; at += 1) {
    assert(at < DELIVERIES_PER_STEP, 'daemons of one node talk to each other without end');
    const delivery = queue[at] as Delivery;
    const [next, effects] = deliver(now, delivery, env);
    now = next;
    for (const effect of effects) {
      const routed = routeEffect(effect, delivery.to, now);
      queue.push(...routed.deliveries);
      outward.push(...routed.outward);
    }
  }
  return [now, outward];
}

/** When the next `tick` is wanted. */
export const deadline = (state: State): Instant | undefined =>
  earliest(
    cibManager.deadline(state.cib),
    attributes.deadline(state.attributes),
    fencer.deadline(state.fencer),
    controller.deadline(state.controller),
  );

function noteClient(state: State, event: Event): readonly [State, readonly Effect[]] {
  switch (event.kind) {
    case 'client-connected':
      return [withClient(state, event.client, { identity: event.identity, topics: [] }), []];
    case 'client-gone': {
      const clients = new Map(state.clients);
      clients.delete(event.client);
      return [{ ...state, clients }, []];
    }
    case 'client-request': {
      const client = state.clients.get(event.client);
      assert(client !== undefined, `request of client ${event.client}, which never connected`);
      if (event.body.kind !== 'subscribe') return [state, []];
      const { client: id, request } = event;
      return [
        withClient(state, id, { ...client, topics: event.body.topics }),
        [{ kind: 'reply', client: id, request, reply: { ok: true } }],
      ];
    }
    default:
      return [state, []];
  }
}

const withClient = (state: State, id: ClientId, client: Client): State => ({
  ...state,
  clients: new Map(state.clients).set(id, client),
});

function deliver(state: State, delivery: Delivery, env: Env): readonly [State, readonly DaemonEffect[]] {
  switch (delivery.to) {
    case 'cib': {
      const [cib, effects] = cibManager.step(state.cib, delivery.event, env);
      return [cib === state.cib ? state : { ...state, cib }, effects];
    }
    case 'attributes': {
      const [next, effects] = attributes.step(state.attributes, delivery.event, env);
      return [next === state.attributes ? state : { ...state, attributes: next }, effects];
    }
    case 'fencer': {
      const [next, effects] = fencer.step(state.fencer, delivery.event, env);
      return [next === state.fencer ? state : { ...state, fencer: next }, effects];
    }
    case 'controller': {
      const [next, effects] = controller.step(state.controller, delivery.event, env);
      return [next === state.controller ? state : { ...state, controller: next }, effects];
    }
    default:
      return unreachable(delivery);
  }
}
