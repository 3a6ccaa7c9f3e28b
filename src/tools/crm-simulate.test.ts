import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandOnFile } from './command-on-file.ts';
import { tool } from './crm-simulate.ts';

const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"';
const cib = (inside: {
  readonly resources?: string;
  readonly status?: string;
  readonly nodes?: string;
}): string => `<cib
  crm_feature_set="3.16.1" validate-with="pacemaker-3.9" have-quorum="1" epoch="5" num_updates="3" admin_epoch="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="s"><nvpair id="s-f" name="stonith-enabled" value="false"/></cluster_property_set>
    </crm_config>
    <nodes>${inside.nodes ?? ''}</nodes>
    <resources>${inside.resources ?? ''}</resources>
    <constraints/>
  </configuration>
  <status>${inside.status ?? ''}</status>
</cib>
`;

test('in place: what came of it is in the file, with a version of its own', async () => {
  const after = await commandOnFile(tool, cib({}), '-L', '--in-place', '--node-up=n1');
  assert.equal(after.exit, 'ok');
  assert.match(after.cib, /<cib [^>]*epoch="6" num_updates="0"/);
  assert.match(after.cib, /<node_state id="n1" uname="n1" in_ccm="true" crmd="online"/);
  const only = await commandOnFile(tool, cib({}), '-L', '-S', '--node-up=n1');
  assert.equal(only.cib, cib({}), 'without it nothing is written');
});

test('without a node there is no list of nodes', async () => {
  const { out } = await commandOnFile(tool, cib({}), '-L');
  assert.equal(out, 'Current cluster status:\n  * Full List of Resources:\n    * No resources\n');
});

test('a result is supposed of the instance of an anonymous clone that is on the node', async () => {
  const history = (node: string) => `<node_state id="${node}" uname="${node}" in_ccm="true" crmd="online"
    join="member" expected="member"><lrm id="${node}"><lrm_resources><lrm_resource id="p" ${DUMMY}>
    <lrm_rsc_op id="p_last_0" operation_key="p_start_0" operation="start" transition-key="1:1:0:x"
    transition-magic="0:0;1:1:0:x" call-id="7" rc-code="0" op-status="0" interval="0"
    crm_feature_set="3.16.1" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/>
    </lrm_resource></lrm_resources></lrm></node_state>`;
  const resources = `<clone id="c"><primitive id="p" ${DUMMY}><operations><op id="m" name="monitor" interval="10s"/></operations></primitive></clone>`;
  const nodes = '<node id="n1" uname="n1"/><node id="n2" uname="n2"/>';
  const document = cib({ nodes, resources, status: history('n1') + history('n2') });
  const { out } = await commandOnFile(tool, document, '-L', '-S', '-i', 'p_monitor_10000@n2=7');
  assert.match(out, /Injecting attribute fail-count-p#monitor_10000=1 into \/node_state 'n2'/);
  assert.match(out, /\* Recover {4}p:1 +\( +n2 \)/);
});

const STOPPED = cib({
  nodes: '<node id="n1" uname="n1"/>',
  resources: `<primitive id="p" ${DUMMY}><meta_attributes id="m"><nvpair id="m-t" name="target-role" value="Stopped"/></meta_attributes></primitive>`,
  status: '<node_state id="n1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>',
});

test('why: the reasons, and what would alter them', async () => {
  const { out, exit } = await commandOnFile(tool, STOPPED, '-L', '--why', 'p');
  assert.equal(exit, 'ok');
  assert.equal(
    out,
    [
      'p is not running, and will not be started',
      '  * target-role of p is Stopped',
      '  To alter that: set target-role=Started for p',
      '    then: p on n1',
      '',
    ].join('\n'),
  );
});

test('why, as JSON: the same as data', async () => {
  const { out } = await commandOnFile(tool, STOPPED, '-L', '--why', 'p', '--output-as=json');
  const { answers } = JSON.parse(out);
  assert.deepEqual(answers[0].reasons[0].undo, [
    { kind: 'set-meta', resource: 'p', name: 'target-role', value: 'Started' },
  ]);
  assert.equal(answers[0].remedy.outcome, 'p on n1');
});

test('why: what is not there ends the command', async () => {
  const { exit, err } = await commandOnFile(tool, STOPPED, '-L', '--why-action', 'p_start_0');
  assert.deepEqual([exit, err], ['no-such-object', "crm_simulate: Action 'p_start_0' is not in the plan\n"]);
  const json = await commandOnFile(tool, STOPPED, '-L', '--output-as=json');
  assert.equal(json.exit, 'usage');
});

test('an older schema: decided, and saved, in the words of the newest', async () => {
  const old = cib({ nodes: '<node id="n1" uname="n1" type="normal"/>' }).replace('-3.9', '-1.3');
  const { exit, cib: saved } = await commandOnFile(tool, old, '-LQX');
  assert.equal(exit, 'ok');
  assert.match(saved, /validate-with="pacemaker-3\.9"[\s\S]*<node id="n1" uname="n1" type="member"\/>/);
});

test('what cannot be supposed is said beside the output, and the rest goes on', async () => {
  const { exit, err, out } = await commandOnFile(tool, STOPPED, '-L', '-i', 'x_monitor_0@n1=1', '-i', 'odd');
  assert.equal(exit, 'ok');
  assert.equal(err, 'Invalid resource name: x\nInvalid operation spec: odd.  Only found 1 fields\n');
  assert.match(out, /Performing Requested Modifications:\n {2}\* Injecting x_monitor_0@n1=1/);
});

test('a failed start that is fatal, and one that is not', async () => {
  const document = STOPPED.replace('Stopped"', 'Started"');
  const words = ['-L', '-S', '-F', 'p_start_0@n1=1'];
  const fatal = await commandOnFile(tool, document, ...words);
  assert.match(fatal.out, /Injecting attribute fail-count-p#start_0=INFINITY into \/node_state 'n1'/);
  const option = '<nvpair id="s-x" name="start-failure-is-fatal" value="false"/>';
  const counted = await commandOnFile(
    tool,
    document.replace('</cluster_property_set>', `${option}$&`),
    ...words,
  );
  assert.match(counted.out, /Injecting attribute fail-count-p#start_0=1 into/);
});

test('a schema that is not known ends the command', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'schema-'));
  const file = join(folder, 'cib.xml');
  try {
    writeFileSync(file, STOPPED.replace('pacemaker-3.9', 'pacemaker-9.9'));
    const { exit, err } = await commandOnFile(tool, STOPPED, '-x', file);
    assert.deepEqual(
      [exit, err],
      ['config', `crm_simulate: ${file}: the schema pacemaker-9.9 is not known\n`],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('files and folders that cannot be read or written end the command as the system says', async () => {
  const exitOf = async (...words: string[]) => (await commandOnFile(tool, STOPPED, ...words)).exit;
  assert.equal(await exitOf('-x', '/nonexistent'), 'bad-data');
  assert.equal(await exitOf('--profile', '/nonexistent'), 'no-such-object');
  assert.equal(await exitOf('-L', '--save-input', '/nonexistent/x'), 'no-such-object');
  assert.equal(await exitOf('-L', '--save-graph', '/nonexistent/x'), 'io-error');
});

test('a drawing of all actions has those that need not be done, and numbers where more is to be said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drawing-'));
  const file = join(folder, 'graph.dot');
  try {
    const started = STOPPED.replace('Stopped"', 'Started"').replace('<primitive', '<group id="g"><primitive');
    const grouped = started.replace('</primitive>', '$&</group>');
    const drawn = async (...words: string[]): Promise<string> => {
      await commandOnFile(tool, grouped, '-L', ...words, '-D', file);
      return readFileSync(file, 'utf8');
    };
    assert.match(await drawn('-aV'), /"g_stop_0 \(\d+\)" \[ style=dashed color="blue" fontcolor="orange"\]/);
    assert.ok(!(await drawn()).includes('g_stop_0'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is saved counts as written: an epoch where the configuration has changed, else an update', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'output-'));
  const file = join(folder, 'cib.xml');
  const saved = async (...words: string[]): Promise<string> => {
    writeFileSync(file, STOPPED);
    await commandOnFile(tool, STOPPED, '-x', file, '-Q', ...words);
    return /(?<= )epoch.*num_updates="\d+"/.exec(readFileSync(file, 'utf8'))?.[0] ?? '';
  };
  try {
    assert.equal(await saved('-X'), 'epoch="5" num_updates="4"');
    assert.equal(await saved('-X', '-u', 'n2'), 'epoch="6" num_updates="0"');
    assert.equal(await saved('-S', '-O', file, '-u', 'n2'), 'epoch="6" num_updates="0"');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a plan that goes in a circle is told, and ends the command with 1', async () => {
  const primitive = (id: string) => `<primitive id="${id}" ${DUMMY}/>`;
  const order = (first: string, then: string) =>
    `<rsc_order id="${first}${then}" first="${first}" then="${then}"/>`;
  const document = cib({
    nodes: '<node id="n1" uname="n1"/>',
    resources: primitive('a') + primitive('b'),
    status: '<node_state id="n1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>',
  }).replace('<constraints/>', `<constraints>${order('a', 'b')}${order('b', 'a')}</constraints>`);
  const { exit, err, out } = await commandOnFile(tool, document, '-L', '-S');
  assert.equal(err, 'Transition failed: terminated\nAn invalid transition was produced\n');
  assert.equal(exit, 'error');
  assert.match(out, /Revised Cluster Status:/);
  assert.equal((await commandOnFile(tool, document, '-L', '-R')).exit, 'ok');
});
