import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandOnFile } from './command-on-file.ts';
import { tool } from './crm-resource.ts';

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';
const RAN = 'crm_feature_set="3.16.1" exec-time="20" queue-time="0" op-status="0"';
const CIB = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="5" num_updates="3" admin_epoch="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="s">
        <nvpair id="s-h" name="node-health-strategy" value="migrate-on-red"/>
      </cluster_property_set>
    </crm_config>
    <nodes>
      <node id="1" uname="n1"/>
      <node id="2" uname="n2"><instance_attributes id="n2-a"><nvpair id="n2-a-h" name="#health-disk" value="red"/></instance_attributes></node>
    </nodes>
    <resources>
      <primitive id="a" ${DUMMY}>
        <instance_attributes id="a-p">
          <nvpair id="a-p-fake" name="fake" value="1"/>
          <nvpair id="a-p-passwd" name="passwd" value="secret"/>
        </instance_attributes>
        <operations><op id="a-m" name="monitor" interval="10s" timeout="20s"/></operations>
      </primitive>
      <primitive id="b" ${DUMMY}/>
      <primitive id="d" ${DUMMY}/>
      <clone id="c">
        <primitive id="p" ${DUMMY}><meta_attributes id="p-m"><nvpair id="p-m-m" name="is-managed" value="false"/></meta_attributes></primitive>
      </clone>
      <group id="g">
        <primitive id="g1" ${DUMMY}><meta_attributes id="g1-m"><nvpair id="g1-m-m" name="is-managed" value="false"/></meta_attributes></primitive>
        <primitive id="g2" ${DUMMY}/>
      </group>
    </resources>
    <constraints>
      <rsc_location id="at" rsc="b" node="n1" score="INFINITY"/>
      <rsc_colocation id="ab" rsc="a" with-rsc="b" score="INFINITY"/>
      <rsc_colocation id="bd" rsc="b" with-rsc="d" score="INFINITY"/>
      <rsc_colocation id="da" rsc="d" with-rsc="a" score="INFINITY"/>
    </constraints>
  </configuration>
  <status>
    <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">
      <lrm id="1"><lrm_resources>
        <lrm_resource id="a" ${DUMMY}>
          <lrm_rsc_op id="a_last_0" operation_key="a_start_0" operation="start" transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" call-id="5" rc-code="0" interval="0" ${RAN} op-restart-digest="x" op-force-restart=" passwd " op-secure-params=" passwd "/>
        </lrm_resource>
        <lrm_resource id="d" ${DUMMY}>
          <lrm_rsc_op id="d_monitor_1000" operation_key="d_monitor_1000" operation="monitor" transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" call-id="6" rc-code="0" interval="1000" ${RAN}/>
          <lrm_rsc_op id="d_last_0" operation_key="d_stop_0" operation="stop" transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" call-id="8" rc-code="0" interval="0" ${RAN}/>
        </lrm_resource>
        <lrm_resource id="p" ${DUMMY}>
          <lrm_rsc_op id="p_last_0" operation_key="p_start_0" operation="start" transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" call-id="7" rc-code="0" interval="0" ${RAN}/>
        </lrm_resource>
      </lrm_resources></lrm>
    </node_state>
    <node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member">
      <lrm id="2"><lrm_resources>
        <lrm_resource id="p" ${DUMMY}>
          <lrm_rsc_op id="p_last_0" operation_key="p_start_0" operation="start" transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" call-id="7" rc-code="0" interval="0" ${RAN}/>
        </lrm_resource>
      </lrm_resources></lrm>
    </node_state>
  </status>
</cib>
`;

const ask = (...words: readonly string[]) => commandOnFile(tool, CIB, ...words);

test('digests are those of what would run now, with what the command line puts in its place', async () => {
  const { out } = await ask('--digests', '-r', 'a', '-N', 'n1', '--output-as=xml');
  // As Pacemaker 2.1.5 has them for these parameters.
  assert.match(out, /<digests resource="a" node="n1" task="start" interval="0ms">/);
  assert.match(out, /type="nonreloadable" hash="5de1fd72a2e7762ed41543231034f6d7"/);
  const other = await ask('--digests', '-r', 'a', '-N', 'n1', 'fake=0', '--output-as=xml');
  assert.match(other.out, /type="all" hash="3acdbe4c12734ebeb1251a59545af936"/);
  assert.match(other.out, /type="nonprivate" hash="279c477dbc38c621904a00ab9e599b2f"/);
  const recurring = await ask(
    ...['--digests', '-r', 'a', '-N', 'n1', 'fake=0', 'CRM_meta_interval=10000', 'CRM_meta_timeout=20000'],
  );
  assert.equal(recurring.out.split('\n')[0], '720718e8d715d5d3be1403cbbcb953bc (all parameters)');
  assert.deepEqual(await ask('--digests', '-r', 'a').then(({ exit, err }) => [exit, err]), [
    'usage',
    'crm_resource: Must supply a node name with -N\n',
  ]);
});

test('an agent checks a configuration that only the command line describes', async () => {
  // Where agents keep their state by themselves may belong to root.
  const state = ['--option', `state=${join(tmpdir(), 'Dummy-test.state')}`];
  const described = ['--validate', '--class', 'ocf', '--provider', 'pacemaker', '--agent', 'Dummy', ...state];
  const good = await ask(...described);
  assert.deepEqual(
    [good.exit, good.out],
    ['ok', 'Operation validate (ocf:pacemaker:Dummy) returned 0 (ok)\n'],
  );
  const bad = await ask(...described, '--option', 'op_sleep=long', '--output-as=xml');
  assert.equal(bad.exit, 'not-configured');
  assert.match(bad.out, /<agent-status code="6" message="not configured" execution_code="0"/);
  assert.match(bad.out, /<command code="6">\s*<output source="stderr">ocf-exit-reason:op_sleep is not/);
});

for (const [words, why] of [
  [['--validate', '--class', 'ocf', '--agent', 'Dummy'], 'ocf::Dummy is not a known resource'],
  [['--class', 'ocf', '-r', 'a'], '--resource cannot be used with --class, --agent, and --provider'],
  [['--class', 'ocf'], '--class, --agent, and --provider can only be used with --validate and --force-*'],
  [['--validate', '-r', 'a', 'word'], "Error parsing 'word' as a name=value pair"],
] as const) {
  test(`${words.join(' ')} is refused`, async () => {
    const { exit, err } = await ask(...words);
    assert.deepEqual([exit, err], ['usage', `crm_resource: ${why}\n`]);
  });
}

test('constraints are followed until they come back', async () => {
  const { out } = await ask('-A', '-r', 'a');
  assert.equal(
    out,
    `Resources colocated with a:
  * d (score=INFINITY, id=da)
    * Resources colocated with d:
      * b (score=INFINITY, id=bd)
        * Locations:
          * Node n1 (score=INFINITY, id=at, rsc=b)
        * Resources colocated with b:
          * a (id=ab - loop)
Resources a is colocated with:
  * b (score=INFINITY, id=ab)
    * Locations:
      * Node n1 (score=INFINITY, id=at, rsc=b)
    * Resources b is colocated with:
      * d (score=INFINITY, id=bd)
        * Resources d is colocated with:
          * a (id=da - loop)
`,
  );
  const xml = (await ask('-a', '-r', 'b', '--output-as=xml')).out;
  assert.match(
    xml,
    /<constraints>\s*<rsc_location node="n1" rsc="b" id="at" score="INFINITY"\/>\s*<rsc_colocation id="ab" rsc="a" with-rsc="b" score="INFINITY"\/>/,
  );
});

test('a meta-attribute is set where it takes effect', async () => {
  const set = ['-m', '-p', 'is-managed', '-v', 'true'];
  const child = await ask('-r', 'c', ...set);
  assert.match(child.out, /^A value for 'is-managed' already exists in child 'p', performing update on that/);
  assert.match(child.cib, /<nvpair id="p-m-m" name="is-managed" value="true"\/>/);
  const forced = await ask('-r', 'c', ...set, '--force');
  assert.match(forced.out, /^Set 'c' option: id=c-meta_attributes-is-managed set=c-meta_attributes/);
  const group = await ask('-r', 'g', ...set);
  assert.match(group.out, /^Set 'g1' option: id=g1-m-m name=is-managed value=true\nSet 'g' option: /);
});

test('the name of an anonymous clone’s primitive stands for all its instances', async () => {
  assert.equal(
    (await ask('-W', '-r', 'p')).out,
    'resource p is running on: n1\nresource p is running on: n2\n',
  );
  const moved = await ask('-M', '-r', 'p:0', '-N', 'n2');
  assert.deepEqual(
    [moved.exit, moved.err.split('\n')[0]],
    ['invalid-parameter', "crm_resource: Cannot operate on clone resource instance 'p:0'"],
  );
});

test('operations are listed of what is active, unless all are asked for', async () => {
  assert.doesNotMatch((await ask('-O', '-r', 'd')).out, /d_/);
  assert.match((await ask('-o', '-r', 'd')).out, /d_monitor_1000 .*\n.*d_stop_0 /);
});

test('an unhealthy node is a reason', async () => {
  const { out } = await ask('-Y', '-r', 'b', '-N', 'n2');
  assert.match(out, /'b' cannot run on unhealthy nodes due to node-health-strategy='migrate-on-red'/);
  const xml = (await ask('-Y', '-r', 'b', '-N', 'n2', '--output-as=xml')).out;
  assert.match(xml, /<reason>\s*<check id="b" unhealthy="true"\/>/);
});

test('metadata is given as the agent gives it', async () => {
  const { out } = await ask('--show-metadata', 'ocf:pacemaker:Dummy', '--output-as=xml');
  assert.match(out, /<metadata>&lt;\?xml version="1.0"\?&gt;\s*&lt;resource-agent name="Dummy"/);
});

test('why: below what Pacemaker says stand the reasons, and what would alter them', async () => {
  const { out, exit } = await commandOnFile(tool, CIB, '--why', '-r', 'b');
  assert.equal(exit, 'ok');
  assert.match(out, /^Resource b is not running\n {2}b is not running, and will not be started\n/);
  assert.match(out, /fencing is enabled, but no fence device is configured/);
});

test('why, of a node and as JSON: the answer for that node', async () => {
  const { out } = await commandOnFile(tool, CIB, '--why', '-r', 'b', '-N', 'n2', '--output-as=json');
  const { question, answers } = JSON.parse(out);
  assert.deepEqual(question, { about: 'resource', resource: 'b', node: 'n2' });
  assert.equal(answers[0].node, 'n2');
  assert.ok(answers[0].reasons.some(({ kind }: { kind: string }) => kind === 'health'));
});
