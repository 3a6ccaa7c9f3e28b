import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { unpack } from '../status/unpack.ts';
import { parseXml } from '../xml/parse.ts';
import { simpleStatus } from './simple-status.ts';

const UP = 'in_ccm="true" crmd="online" join="member" expected="member"';

function of({ dc = ' dc-uuid="1"', second = UP, standby = false }): ReturnType<typeof simpleStatus> {
  const attributes = standby
    ? '<instance_attributes id="i"><nvpair id="s" name="standby" value="on"/></instance_attributes>'
    : '';
  const parsed =
    parseXml(`<cib validate-with="pacemaker-3.9" have-quorum="1"${dc}><configuration><crm_config><cluster_property_set id="o"><nvpair id="f" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
    <nodes><node id="1" uname="a"/><node id="2" uname="b">${attributes}</node></nodes>
    <resources><primitive id="r" class="ocf" provider="x" type="y"/></resources><constraints/></configuration>
    <status><node_state id="1" uname="a" ${UP}/><node_state id="2" uname="b" ${second}/></status></cib>`);
  assert.ok(parsed.ok);
  return simpleStatus(unpack({ cib: parsed.root, now: instant(1_700_000_000_000) }));
}

test('one line says how the cluster is', () => {
  assert.equal(of({}).line, 'CLUSTER OK: 2 nodes online, 1 resource instance configured');
  assert.equal(
    of({ standby: true }).line,
    'CLUSTER OK: 1 node online, 1 standby node, 1 resource instance configured',
  );
  const ill = of({ dc: '', second: 'in_ccm="false" crmd="offline" join="down" expected="down"' });
  assert.deepEqual(ill, { isFine: false, line: 'CLUSTER WARN: No DC, offline node: b' });
});
