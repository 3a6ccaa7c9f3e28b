import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { parseXml } from '../xml/parse.ts';
import type { Picture } from './picture.ts';
import { unpack } from './unpack.ts';

interface Told {
  readonly resources?: string;
  readonly options?: string;
  readonly attributes?: string;
  /** What the history of node a, of node b says. */
  readonly a?: string;
  readonly b?: string;
  readonly bIs?: string;
}

const ONLINE = 'in_ccm="true" crmd="online" join="member" expected="member"';
const LOST = 'in_ccm="false" crmd="offline" join="down" expected="member"';

const state = (id: string, name: string, is: string, history: string) =>
  `<node_state id="${id}" uname="${name}" ${is}><lrm id="${id}"><lrm_resources>${history}</lrm_resources></lrm></node_state>`;

function picture({ resources, options, attributes, a, b, bIs }: Told): Picture {
  const parsed = parseXml(
    `<cib have-quorum="1"><configuration><crm_config><cluster_property_set id="o">${options ?? ''}</cluster_property_set></crm_config>` +
      `<nodes><node id="1" uname="a"/><node id="2" uname="b">${attributes ?? ''}</node></nodes>` +
      `<resources>${resources ?? ''}</resources><constraints/></configuration>` +
      `<status>${state('1', 'a', ONLINE, a ?? '')}${state('2', 'b', bIs ?? ONLINE, b ?? '')}</status></cib>`,
  );
  assert.ok(parsed.ok);
  return unpack({ cib: parsed.root, now: instant(Date.UTC(2026, 0, 1)) });
}

const PRIMITIVE = '<primitive id="r" class="ocf" provider="heartbeat" type="Dummy"/>';
const CLONE = `<clone id="c">${PRIMITIVE}</clone>`;
const PROMOTABLE = CLONE.replace(
  '<clone id="c">',
  '<clone id="c"><meta_attributes id="m"><nvpair id="n" name="promotable" value="true"/></meta_attributes>',
);

const call = (operation: string, code: number, id = 1) =>
  `<lrm_rsc_op id="r_${operation}_${id}" operation="${operation}" operation_key="r_${operation}_0" call-id="${id}" rc-code="${code}" op-status="0" interval="0" ` +
  `transition-key="1:1:${operation === 'monitor' ? 7 : 0}:u" transition-magic="0:${code};1:1:${operation === 'monitor' ? 7 : 0}:u"/>`;
const told = (...calls: readonly string[]) =>
  `<lrm_resource id="r" class="ocf" provider="heartbeat" type="Dummy">${calls.join('')}</lrm_resource>`;
const option = (name: string, value: string) => `<nvpair id="o-${name}" name="${name}" value="${value}"/>`;

const activeOn = (picture: Picture, id: string) =>
  picture.resourceById.get(id)?.activeOn.map(({ name }) => name);

test('a resource is where its history says that it was started', () => {
  const made = picture({ resources: PRIMITIVE, a: told(call('start', 0)), b: told(call('monitor', 7)) });
  assert.equal(made.resourceById.get('r')?.role, 'Started');
  assert.deepEqual(activeOn(made, 'r'), ['a']);
  assert.deepEqual(
    made.nodes.filter(node => made.resourceById.get('r')?.knownOn.has(node)).map(({ name }) => name),
    ['a', 'b'],
  );
});

test('a probe that finds it running makes it active; two places are kept', () => {
  const made = picture({ resources: PRIMITIVE, a: told(call('start', 0)), b: told(call('monitor', 0)) });
  assert.deepEqual(activeOn(made, 'r'), ['a', 'b']);
});

test('stopped after its start it is nowhere', () => {
  const made = picture({ resources: PRIMITIVE, a: told(call('start', 0, 1), call('stop', 0, 2)) });
  assert.equal(made.resourceById.get('r')?.role, 'Stopped');
  assert.deepEqual(activeOn(made, 'r'), []);
});

test('what only history knows is a removed resource', () => {
  const made = picture({ a: told(call('start', 0)) });
  assert.equal(made.resourceById.get('r')?.flags.removed, true);
  assert.deepEqual(activeOn(made, 'r'), ['a']);
});

test('a failed start is a failure, and the resource must be stopped there', () => {
  const made = picture({ resources: PRIMITIVE, a: told(call('start', 1)) });
  assert.equal(made.resourceById.get('r')?.flags.failed, true);
  assert.deepEqual(
    made.failures.map(({ resource, node }) => [resource, node.name]),
    [['r', 'a']],
  );
});

test('a failed stop without fencing blocks the resource', () => {
  const stopped = told(call('start', 0, 1), call('stop', 1, 2));
  const made = picture({ resources: PRIMITIVE, options: option('stonith-enabled', 'false'), a: stopped });
  assert.equal(made.resourceById.get('r')?.flags.blocked, true);
});

test('a failed stop with fencing makes the node unclean', () => {
  const made = picture({ resources: PRIMITIVE, a: told(call('start', 0, 1), call('stop', 1, 2)) });
  assert.equal(made.nodeByName.get('a')?.unclean, true);
});

test('instances of an anonymous clone take up what runs on the nodes, each on one', () => {
  const made = picture({ resources: CLONE, a: told(call('start', 0)), b: told(call('start', 0)) });
  const instances = made.resourceById.get('c')?.children.map(({ id, activeOn: on }) => [id, on[0]?.name]);
  assert.deepEqual(instances, [
    ['r:0', 'a'],
    ['r:1', 'b'],
  ]);
});

test('an instance is promoted after its promotion', () => {
  const made = picture({ resources: PROMOTABLE, a: told(call('start', 0, 1), call('promote', 0, 2)) });
  assert.equal(made.resourceById.get('r:0')?.role, 'Promoted');
});

test('a node that was lost without warning is unclean where there is fencing, offline where there is none', () => {
  const fenced = picture({ bIs: LOST }).nodeByName.get('b');
  assert.deepEqual([fenced?.online, fenced?.unclean], [false, true]);
  const unfenced = picture({ bIs: LOST, options: option('stonith-enabled', 'false') }).nodeByName.get('b');
  assert.deepEqual([unfenced?.online, unfenced?.unclean], [false, false]);
});

test('standby and maintenance are attributes of a node', () => {
  const attributes = `<instance_attributes id="i">${option('standby', 'on')}${option('maintenance', 'true')}</instance_attributes>`;
  const node = picture({ attributes }).nodeByName.get('b');
  assert.deepEqual([node?.standby, node?.maintenance], [true, true]);
});

test('an old word for a fencing action is understood, no other one is', () => {
  const actions = ['off', 'poweroff', 'reboot', 'on'].map(
    value => picture({ options: option('stonith-action', value) }).options.fencingAction,
  );
  assert.deepEqual(actions, ['off', 'off', 'reboot', 'reboot']);
});

test('what failed on a node that left cannot be stopped there: in maintenance, too, the node is unclean', () => {
  const maintenance = `<instance_attributes id="i">${option('maintenance', 'true')}</instance_attributes>`;
  const gone = 'in_ccm="false" crmd="offline" join="down" expected="down"';
  const made = picture({
    resources: PRIMITIVE,
    attributes: maintenance,
    b: told(call('monitor', 1)),
    bIs: gone,
  });
  assert.equal(made.nodes.find(({ name }) => name === 'b')?.unclean, true);
  assert.deepEqual(
    made.findings.flatMap(one => (one.kind === 'fence' ? [one.reason] : [])),
    ['stop is unrunnable'],
  );
});

test('a bundle is unique if it asks for several replicas to a host; its connections never run in it', () => {
  const bundle = (perHost: number) =>
    `<bundle id="b"><podman image="i" replicas="2" replicas-per-host="${perHost}"/><network control-port="3121"/>${PRIMITIVE}</bundle>`;
  const made = picture({ resources: bundle(2), options: option('symmetric-cluster', 'false') });
  assert.equal(made.resourceById.get('b')?.flags.unique, true);
  assert.equal(made.resourceById.get('b-1')?.places.get('b-0')?.score, -1_000_000);
  assert.equal(picture({ resources: bundle(1) }).resourceById.get('b')?.flags.unique, false);
});

test('an older schema is read in the words of the newest; what was only pinged is no node', () => {
  const parsed = parseXml(
    `<cib validate-with="pacemaker-1.2"><configuration><crm_config><cluster_property_set id="o"><nvpair id="e" name="stonith_enabled" value="false"/></cluster_property_set></crm_config>
    <nodes><node id="p" uname="p" type="ping"/><node id="1" uname="a" type="normal"/></nodes><resources/><constraints/></configuration><status/></cib>`,
  );
  assert.ok(parsed.ok);
  const { nodes, options } = unpack({ cib: parsed.root, now: instant(0) });
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ['a'],
  );
  assert.equal(options.fencingEnabled, false);
});

test('a bundle may tell by an old word how many of its copies are promoted', () => {
  const bundle = `<bundle id="b"><podman image="i" masters="2"/><network ip-range-start="10.0.0.1"/>${PRIMITIVE}</bundle>`;
  const { children = [] } = picture({ resources: bundle }).resourceById.get('b') ?? {};
  assert.equal(children.filter(({ id }) => /^b-podman-\d$/.test(id)).length, 2);
});
