/** Who hears what: events of the node to daemons, and effects of daemons to each other or to the world. */
import { assert, unreachable } from '../../base/assert.ts';
import type { ClientIdentity, Topic } from '../../messages/client.ts';
import type * as attributes from '../attributes/attributes.ts';
import type * as cibManager from '../cib-manager/cib-manager.ts';
import type { ClientId, SupervisorEffect, SupervisorEvent } from '../contract.ts';
import type * as controller from '../controller/controller.ts';
import type * as fencer from '../fencer/fencer.ts';
import type { Announcement, CibWritten, DaemonName } from '../inside.ts';

export type Delivery =
  | { readonly to: 'cib'; readonly event: cibManager.Event }
  | { readonly to: 'attributes'; readonly event: attributes.Event }
  | { readonly to: 'fencer'; readonly event: fencer.Event }
  | { readonly to: 'controller'; readonly event: controller.Event };

export type DaemonEffect = cibManager.Effect | attributes.Effect | fencer.Effect | controller.Effect;

export interface Clients {
  readonly clients: ReadonlyMap<
    ClientId,
    { readonly identity: ClientIdentity; readonly topics: readonly Topic[] }
  >;
}

export function routeEvent(event: SupervisorEvent, { clients }: Clients): readonly Delivery[] {
  switch (event.kind) {
    case 'started':
    case 'cib-stored':
      return [{ to: 'cib', event }];
    case 'membership':
    case 'tick':
      return [
        { to: 'cib', event },
        { to: 'attributes', event },
        { to: 'fencer', event },
        { to: 'controller', event },
      ];
    case 'message':
      return [routeMessage(event)];
    case 'executor-connected':
    case 'executor-lost':
      return [
        { to: 'fencer', event },
        { to: 'controller', event },
      ];
    case 'executor-reply':
      return routeReply(event);
    case 'client-request':
      return routeRequest(event, clients.get(event.client)?.identity);
    case 'client-connected':
    case 'client-gone':
      return [];
    case 'transition-computed':
    case 'shut-down':
      return [{ to: 'controller', event }];
    case 'device-placement-computed':
      return [{ to: 'fencer', event }];
    default:
      return unreachable(event);
  }
}

type Of<Kind extends SupervisorEvent['kind']> = Extract<SupervisorEvent, { readonly kind: Kind }>;

function routeMessage({ from, message }: Of<'message'>): Delivery {
  const kind = 'message';
  switch (message.to) {
    case 'cib':
      return { to: 'cib', event: { kind, from, body: message.body } };
    case 'attributes':
      return { to: 'attributes', event: { kind, from, body: message.body } };
    case 'controller':
      return { to: 'controller', event: { kind, from, body: message.body } };
    case 'fencer':
      return { to: 'fencer', event: { kind, from, body: message.body } };
    default:
      return unreachable(message);
  }
}

function routeReply(event: Of<'executor-reply'>): readonly Delivery[] {
  const { reply } = event;
  switch (reply.kind) {
    case 'listed':
      return [
        { to: 'fencer', event },
        { to: 'controller', event },
      ];
    case 'result':
      return [{ to: reply.result.action.asker, event }];
    case 'nothing-to-cancel':
    case 'forgotten':
      return [{ to: 'controller', event }];
    case 'metadata':
      return [{ to: reply.asker, event }];
    default:
      return unreachable(reply);
  }
}

function routeRequest(
  { client, request, body }: Of<'client-request'>,
  identity: ClientIdentity | undefined,
): readonly Delivery[] {
  assert(identity !== undefined, `request of client ${client}, which never connected`);
  const kind = 'client-request';
  switch (body.kind) {
    case 'cib':
      return [{ to: 'cib', event: { kind, client, request, identity, body } }];
    case 'attribute':
      return [{ to: 'attributes', event: { kind, client, request, identity, body } }];
    case 'controller':
      return [{ to: 'controller', event: { kind, client, request, identity, body } }];
    case 'fencer':
      return [{ to: 'fencer', event: { kind, client, request, identity, body } }];
    case 'subscribe':
      return [];
    default:
      return unreachable(body);
  }
}

interface Routed {
  readonly deliveries: readonly Delivery[];
  readonly outward: readonly SupervisorEffect[];
}

const inward = (...deliveries: readonly Delivery[]): Routed => ({ deliveries, outward: [] });
const outward = (...effects: readonly SupervisorEffect[]): Routed => ({ deliveries: [], outward: effects });

export function routeEffect(effect: DaemonEffect, from: DaemonName, { clients }: Clients): Routed {
  switch (effect.kind) {
    case 'tell-cib':
      return inward({ to: 'cib', event: effect.body });
    case 'tell-attributes':
      return inward({ to: 'attributes', event: effect.body });
    case 'tell-fencer':
      return inward({ to: 'fencer', event: effect.body });
    case 'tell-controller':
      return inward({ to: 'controller', event: effect.body });
    case 'written':
      return inward(written(effect.to, effect.body));
    case 'announce':
      return inward(...announced(effect.body, from));
    case 'publish': {
      const notification = { topic: effect.topic, body: effect.body };
      const subscribed = [...clients].filter(([, { topics }]) => topics.includes(effect.topic));
      return outward(...subscribed.map(([client]) => ({ kind: 'notify', client, notification }) as const));
    }
    case 'reply':
      return clients.has(effect.client) ? outward(effect) : outward();
    default:
      return outward(effect);
  }
}

function written(to: Exclude<DaemonName, 'cib'>, event: CibWritten): Delivery {
  return { to, event };
}

function announced(event: Announcement, from: DaemonName): readonly Delivery[] {
  const all: readonly Delivery[] = [
    { to: 'cib', event },
    { to: 'attributes', event },
    { to: 'fencer', event },
    { to: 'controller', event },
  ];
  return all.filter(({ to }) => to !== from);
}
