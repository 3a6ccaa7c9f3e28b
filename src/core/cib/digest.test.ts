import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from '../base/time.ts';
import { parseXml } from '../xml/parse.ts';
import {
  digestOfParameters,
  digestOnDisk,
  digestOnWire,
  matchesDigestOnDisk,
  operationDigests,
} from './digest.ts';

const SOURCE = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config><!-- hey --></crm_config>
    <nodes/>
    <resources><primitive id="b" class="ocf" type="Dummy" provider="heartbeat" description="a'b &lt;&gt;&amp;&quot; x&#9;y&#10;z&#13;w é"/></resources>
    <constraints/>
  </configuration>
  <status/>
</cib>`;

const parsed = parseXml(SOURCE);
assert.ok(parsed.ok);
const cib = parsed.root;

test('digests of a document are those that cibadmin 2.1.5 prints', () => {
  assert.equal(digestOnDisk(cib), '86e3b5f445ad214c300f7f709945c603');
  assert.equal(digestOnWire(cib), '47699bfdba81042e89be51f6096d63fa');
});

test('a file signed by either line of releases is taken as good, an altered one is not', () => {
  assert.ok(matchesDigestOnDisk(cib, '86e3b5f445ad214c300f7f709945c603'));
  assert.ok(matchesDigestOnDisk(cib, digestOnDisk(cib, 'pacemaker-3')));
  assert.ok(!matchesDigestOnDisk({ ...cib, name: 'cab' }, '86e3b5f445ad214c300f7f709945c603'));
});

test('no parameters have the digest that every history of a Dummy shows', () => {
  assert.equal(digestOfParameters({}), 'f2317cad3d54cec5d7d7aa7d0bf35cf8');
});

test('the order of parameters does not matter', () => {
  assert.equal(digestOfParameters({ ip: '1', nic: '2' }), digestOfParameters({ nic: '2', ip: '1' }));
});

test('a timeout counts for a recurring operation only', () => {
  const start = { parameters: {}, interval: milliseconds(0) };
  const monitor = { parameters: {}, interval: milliseconds(10_000) };
  assert.equal(operationDigests({ ...start, timeout: '20000' }).all, operationDigests(start).all);
  assert.notEqual(operationDigests({ ...monitor, timeout: '20000' }).all, operationDigests(monitor).all);
  // As in the history of many a cluster: a Dummy's monitor with a timeout of 20 s.
  assert.equal(operationDigests({ ...monitor, timeout: '20000' }).all, '4811cef7f7f94e3a35a70be7916cb2fd');
});

test('private and reloadable parameters stand aside', () => {
  const digests = operationDigests({
    parameters: { ip: '1', password: 's', level: '3', CRM_meta_timeout: '5' },
    interval: milliseconds(0),
    restartNames: ['ip'],
  });
  assert.equal(digests.nonprivate, digestOfParameters({ ip: '1', level: '3' }));
  assert.equal(digests.nonreloadable, digestOfParameters({ ip: '1' }));
  assert.equal(digests.all, digestOfParameters({ ip: '1', level: '3', password: 's' }));
});
