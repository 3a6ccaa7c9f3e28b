import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from '../base/time.ts';
import { nodeId, nodeName, resourceId } from '../model/names.ts';
import { parseXml } from '../xml/parse.ts';
import { printXml } from '../xml/print.ts';
import type { ControllerMessage } from './controller.ts';
import { decodePeer, encodePeer } from './peer-codec.ts';

const messages: readonly ControllerMessage[] = [
  { kind: 'vote', round: 3, featureSet: '3.16.1', uptime: milliseconds(61_234) },
  { kind: 'no-vote', round: 3, owner: nodeName('b') },
  { kind: 'join_announce' },
  { kind: 'join_offer', join: 2, featureSet: '3.16.1' },
  { kind: 'join_request', join: 2, featureSet: '3.16.1', cib: { adminEpoch: 1, epoch: 20, numUpdates: 3 } },
  { kind: 'join_ack_nack', join: 2, accepted: true },
  { kind: 'join_ack_nack', join: 2, accepted: false, reason: 'too old' },
  { kind: 'join_confirm', join: 2 },
  { kind: 'req_shutdown' },
  { kind: 'do_shutdown' },
  {
    kind: 'lrm_invoke',
    order: {
      transitionKey: '4:7:0:u',
      operation: 'start',
      operationKey: 'web_start_0',
      node: { name: nodeName('b'), id: nodeId('2') },
      resource: { id: 'web', longId: 'web-clone:web', class: 'ocf', provider: 'heartbeat', type: 'apache' },
      attributes: { CRM_meta_timeout: '20000', statusurl: 'http://localhost/?a&b' },
    },
  },
  { kind: 'lrm_ack', transitionKey: '4:7:0:u', outcome: { kind: 'ended', status: 0, exitStatus: 7 } },
  { kind: 'lrm_ack', transitionKey: '4:7:0:u', outcome: { kind: 'lost', reason: 'executor lost' } },
  { kind: 'lrm_delete', resource: resourceId('web') },
  { kind: 'lrm_delete', resource: resourceId('web'), transitionKey: '1:2:0:u' },
  { kind: 'lrm_fail', resource: resourceId('web') },
  { kind: 'clear_failcount', resource: resourceId('web') },
  { kind: 'start_shutdown' },
  { kind: 'rm_node_cache', node: nodeName('c'), id: nodeId('3') },
  { kind: 'ping', asked: { run: 1795700000000, client: 4, request: 2 } },
  { kind: 'pinged', asked: { run: 1795700000000, client: 4, request: 2 }, state: 'S_IDLE' },
];

for (const body of messages) {
  test(`${body.kind} arrives as it was sent`, () => {
    const parsed = parseXml(printXml(encodePeer({ to: 'controller', body })));
    assert.ok(parsed.ok);
    assert.deepEqual(decodePeer(parsed.root), { to: 'controller', body });
  });
}

test('a task of a newer release is passed over', () => {
  const parsed = parseXml('<message to="controller"><crm_message crm_task="teleport"/></message>');
  assert.ok(parsed.ok);
  assert.equal(decodePeer(parsed.root), undefined);
});
