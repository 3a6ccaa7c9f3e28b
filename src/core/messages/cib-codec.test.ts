import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { element } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { printXml } from '../xml/print.ts';
import type { CibMessage } from './cib.ts';
import { encodeMessage } from './json.ts';
import { decodePeer, encodePeer } from './peer-codec.ts';

const version = { adminEpoch: 1, epoch: 20, numUpdates: 3 };
const identity = { user: 'root', groups: ['haclient', 'wheel'], pid: 7, name: 'cibadmin' };

const messages: readonly CibMessage[] = [
  {
    kind: 'write',
    call: 4,
    request: {
      kind: 'cib',
      operation: 'modify',
      section: 'resources',
      input: element('primitive', { id: 'a', value: 'x & y' }),
      allowCreate: true,
    },
    identity,
    at: instant(1_794_000_000_123),
  },
  {
    kind: 'write',
    call: 5,
    request: { kind: 'cib', operation: 'delete-all', xpath: "//nvpair[@id='x']", force: false },
    identity: { user: 'hacluster', groups: [] },
    at: instant(0),
  },
  { kind: 'stored', round: 'a.1.2', applied: 3, durable: -1 },
  { kind: 'round', round: 'a.1.2' },
  {
    kind: 'position',
    round: 'a.1.2',
    version,
    lineage: { term: 1_794_000_000_000, writes: 12 },
    fingerprint: 'ff',
    wasQuorate: true,
    at: instant(5),
  },
  { kind: 'document', round: 'a.1.2', cib: element('cib', { epoch: 1 }, [element('status')]) },
  { kind: 'patchset', round: 'a.1.2', patchset: element('diff', { format: 2 }) },
  { kind: 'check', round: 'a.1.2', applied: 8, fingerprint: 'ff' },
];

for (const body of messages) {
  test(`${body.kind} is read as it was written`, () => {
    const parsed = parseXml(printXml(encodePeer({ to: 'cib', body })));
    assert.ok(parsed.ok);
    const message = decodePeer(parsed.root);
    assert.equal(encodeMessage(message), encodeMessage({ to: 'cib', body }));
  });
}
