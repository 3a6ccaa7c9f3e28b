import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../base/random.ts';
import { instant } from '../../base/time.ts';
import { nodeId, nodeName } from '../../model/names.ts';
import { element } from '../../xml/element.ts';
import type { SupervisorEnv } from '../contract.ts';
import { routeEffect } from './route.ts';
import { initial, step } from './supervisor.ts';

const env: SupervisorEnv = {
  now: instant(0),
  node: { id: nodeId('1'), name: nodeName('a') },
  random: new Random(1),
  validate: () => [],
};

const identity = { user: 'root', groups: [] };

test('a subscription is answered, and what is published reaches those who asked for it', () => {
  const [connected] = step(initial, { kind: 'client-connected', client: 7, identity }, env);
  const [state, effects] = step(
    connected,
    { kind: 'client-request', client: 7, request: 1, body: { kind: 'subscribe', topics: ['cib'] } },
    env,
  );
  assert.deepEqual(effects, [{ kind: 'reply', client: 7, request: 1, reply: { ok: true } }]);
  const body = element('diff');
  const publish = (topic: 'cib' | 'fencing') =>
    routeEffect({ kind: 'publish', topic, body }, 'cib', state).outward;
  assert.deepEqual(publish('cib'), [{ kind: 'notify', client: 7, notification: { topic: 'cib', body } }]);
  assert.deepEqual(publish('fencing'), []);
});

test('a client that is gone is not answered', () => {
  const [connected] = step(initial, { kind: 'client-connected', client: 7, identity }, env);
  const [gone] = step(connected, { kind: 'client-gone', client: 7 }, env);
  const reply = { kind: 'reply', client: 7, request: 1, reply: { ok: true } } as const;
  assert.deepEqual(routeEffect(reply, 'cib', gone).outward, []);
});

test('an announcement reaches every daemon but the one that made it', () => {
  const { deliveries } = routeEffect(
    { kind: 'announce', body: { kind: 'cib-agreed', agreed: true } },
    'cib',
    initial,
  );
  assert.deepEqual(
    deliveries.map(({ to }) => to),
    ['attributes', 'fencer', 'controller'],
  );
});
