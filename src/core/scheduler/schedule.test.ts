import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import { parseXml } from '../xml/parse.ts';
import { schedule } from './schedule.ts';

interface Given {
  readonly resources: string;
  readonly constraints?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** Where each resource is running. */
  readonly running?: Readonly<Record<string, 'a' | 'b'>>;
  readonly lost?: boolean;
  /** Further history of node a, as it stands in the CIB. */
  readonly told?: string;
}

const pair = (owner: string, name: string, value: string) =>
  `<nvpair id="${owner}-${name}" name="${name}" value="${value}"/>`;
const dummy = (id: string, meta: Readonly<Record<string, string>> = {}) =>
  `<primitive id="${id}" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="${id}-m">` +
  `${Object.entries(meta)
    .map(([name, value]) => pair(id, name, value))
    .join('')}</meta_attributes></primitive>`;
/** Digest of no parameters at all. */
const DIGEST = 'f2317cad3d54cec5d7d7aa7d0bf35cf8';
const DEVICE = '<primitive id="fence" class="stonith" type="fence_x"/>';

function history(node: string, running: Given['running'] = {}): string {
  return Object.entries(running)
    .filter(([, on]) => on === node)
    .map(
      ([id], at) =>
        `<lrm_resource id="${id}" class="ocf" provider="heartbeat" type="Dummy"><lrm_rsc_op id="${id}_last_0" operation="start" operation_key="${id}_start_0" ` +
        `call-id="${at + 1}" rc-code="0" op-status="0" interval="0" op-digest="${DIGEST}" transition-key="1:1:0:u" transition-magic="0:0;1:1:0:u"/></lrm_resource>`,
    )
    .join('');
}

function scheduled({ resources, constraints = '', options = {}, running, lost = false, told = '' }: Given) {
  const set = Object.entries({ 'stonith-enabled': 'false', 'enable-startup-probes': 'false', ...options });
  const bIs = lost ? 'in_ccm="false" crmd="offline"' : 'in_ccm="true" crmd="online"';
  const parsed = parseXml(
    `<cib have-quorum="1"><configuration><crm_config><cluster_property_set id="o">` +
      `${set.map(([name, value]) => pair('o', name, value)).join('')}</cluster_property_set></crm_config>` +
      `<nodes><node id="1" uname="a"/><node id="2" uname="b"/></nodes><resources>${resources}</resources>` +
      `<constraints>${constraints}</constraints></configuration><status>` +
      `<node_state id="1" uname="a" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>${history('a', running)}${told}</lrm_resources></lrm></node_state>` +
      `<node_state id="2" uname="b" ${bIs} join="member" expected="member"><lrm id="2"><lrm_resources>${history('b', running)}</lrm_resources></lrm></node_state>` +
      `</status></cib>`,
  );
  assert.ok(parsed.ok);
  return schedule({ cib: parsed.root, now: instant(Date.UTC(2026, 0, 1)) });
}

const changes = (given: Given) =>
  scheduled(given)
    .changes.filter(({ word }) => word !== 'Leave')
    .map(({ word, subject, from, to }) => [word, subject, to ?? from].join(' '));

/** Keys of what must be done, with the keys of what each waits for. */
const graph = (given: Given) => {
  const { synapses } = scheduled(given).graph;
  const keys = new Map(synapses.flatMap(({ actions }) => actions.map(one => [one.id, one.operationKey])));
  return Object.fromEntries(
    synapses.map(({ actions, inputs }) => [
      actions[0]?.operationKey,
      inputs.map(({ id }) => keys.get(id)).sort(),
    ]),
  );
};

const colocation = (score: string) =>
  `<rsc_colocation id="k" rsc="y" with-rsc="x" score="${score}"/><rsc_location id="l" rsc="x" node="b" score="10"/>`;

test('resources are spread over the nodes', () => {
  assert.deepEqual(changes({ resources: dummy('x') + dummy('y') }), ['Start x a', 'Start y b']);
});

test('stickiness keeps a resource where another node is preferred less than that', () => {
  const constraints = '<rsc_location id="l" rsc="x" node="b" score="50"/>';
  const moves = (stickiness: string) =>
    changes({
      resources: dummy('x', { 'resource-stickiness': stickiness }),
      constraints,
      running: { x: 'a' },
    });
  assert.deepEqual([moves('100'), moves('10')], [[], ['Move x b']]);
});

test('what is colocated goes along, or away', () => {
  const resources = dummy('x') + dummy('y');
  assert.deepEqual(changes({ resources, constraints: colocation('INFINITY') }), ['Start x b', 'Start y b']);
  assert.deepEqual(changes({ resources, constraints: colocation('-INFINITY') }), ['Start x b', 'Start y a']);
});

test('a mandatory dependent cannot run without its primary, an optional one can', () => {
  const resources = dummy('x', { 'target-role': 'Stopped' }) + dummy('y');
  assert.deepEqual(changes({ resources, constraints: colocation('INFINITY') }), []);
  assert.equal(changes({ resources, constraints: colocation('100') }).length, 1);
});

test('starts are ordered one way, stops the other', () => {
  const order = '<rsc_order id="o" first="x" then="y"/>';
  const resources = dummy('x') + dummy('y');
  assert.deepEqual(graph({ resources, constraints: order }), { x_start_0: [], y_start_0: ['x_start_0'] });
  const stopping = dummy('x', { 'target-role': 'Stopped' }) + dummy('y', { 'target-role': 'Stopped' });
  assert.deepEqual(graph({ resources: stopping, constraints: order, running: { x: 'a', y: 'a' } }), {
    x_stop_0: ['y_stop_0'],
    y_stop_0: [],
  });
});

test('an optional order binds nobody who need not act; a mandatory one stops what depends', () => {
  const resources = dummy('x', { 'target-role': 'Stopped' }) + dummy('y');
  const ordered = (kind: string) =>
    changes({
      resources,
      constraints: `<rsc_order id="o" first="x" then="y" kind="${kind}"/>`,
      running: { x: 'a', y: 'b' },
    });
  assert.deepEqual(ordered('Optional'), ['Stop x a']);
  assert.deepEqual(ordered('Mandatory'), ['Stop x a', 'Stop y b']);
});

test('a group starts in order on one node, and stops behind a member that may not run', () => {
  const group = (last: Readonly<Record<string, string>>) =>
    `<group id="g">${dummy('x')}${dummy('y', last)}${dummy('z')}</group>`;
  assert.deepEqual(changes({ resources: group({}) }), ['Start x a', 'Start y a', 'Start z a']);
  assert.deepEqual(changes({ resources: group({ 'target-role': 'Stopped' }) }), ['Start x a']);
});

test('instances of a clone stay where they are, the others take the free nodes', () => {
  const clone = `<clone id="c">${dummy('x')}</clone>`;
  assert.deepEqual(changes({ resources: clone }), ['Start x:0 a', 'Start x:1 b']);
  assert.deepEqual(changes({ resources: clone, running: { x: 'b' } }), ['Start x:1 a']);
});

test('a lost node is fenced before its resources are started elsewhere', () => {
  const given: Given = {
    resources: DEVICE + dummy('x'),
    options: { 'stonith-enabled': 'true' },
    running: { x: 'b' },
    lost: true,
  };
  const made = graph(given);
  assert.deepEqual(made.x_stop_0, ['stonith-b-reboot']);
  assert.ok(made.x_start_0?.includes('stonith-b-reboot'));
});

test('a live migration is a migrate_to, a migrate_from, and a stop at the source', () => {
  const made = graph({
    resources: dummy('x', { 'allow-migrate': 'true' }),
    constraints: '<rsc_location id="l" rsc="x" node="b" score="INFINITY"/>',
    running: { x: 'a' },
  });
  assert.deepEqual(made.x_migrate_from_0, ['x_migrate_to_0']);
  assert.deepEqual(made.x_stop_0, ['x_migrate_from_0']);
});

test('what is not managed is left alone', () => {
  const resources = dummy('x', { 'is-managed': 'false', 'target-role': 'Stopped' });
  assert.deepEqual(changes({ resources, running: { x: 'a' } }), []);
});

test('what may run nowhere is stopped', () => {
  const never = (node: string) => `<rsc_location id="l-${node}" rsc="x" node="${node}" score="-INFINITY"/>`;
  const constraints = never('a') + never('b');
  assert.deepEqual(changes({ resources: dummy('x'), constraints, running: { x: 'a' } }), ['Stop x a']);
});

test('a resource whose definition has changed since its start is restarted', () => {
  const changed = dummy('x').replace(
    '<meta_attributes',
    '<instance_attributes id="x-i"><nvpair id="x-p" name="p" value="1"/></instance_attributes><meta_attributes',
  );
  assert.deepEqual(changes({ resources: changed, running: { x: 'a' } }), ['Restart x a']);
});

test('what keeps the first of a chain of orderings from starting keeps the last, be the chain longer than calls are deep', () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `r${at}`);
  const orders = ids.slice(1).map((id, at) => `<rsc_order id="o-${id}" first="r${at}" then="${id}"/>`);
  const bans = ['a', 'b'].map(
    node => `<rsc_location id="ban-${node}" rsc="r0" node="${node}" score="-INFINITY"/>`,
  );
  const resources = ids.map(id => dummy(id)).join('');
  const startsLast = ({ graph }: ReturnType<typeof scheduled>) =>
    JSON.stringify(graph).includes('r19999_start_0');
  assert.ok(startsLast(scheduled({ resources, constraints: orders.join('') })));
  assert.ok(!startsLast(scheduled({ resources, constraints: [...bans, ...orders].join('') })));
});

test('each of several rules in a location constraint counts, as schemas before 4.0 have them', () => {
  const rule = (id: string, score: string, node: string) =>
    `<rule id="${id}" score="${score}"><expression id="${id}-e" attribute="#uname" operation="eq" value="${node}"/></rule>`;
  const constraints = `<rsc_location id="l" rsc="x">${rule('r1', '10', 'a')}${rule('r2', '20', 'b')}</rsc_location>`;
  assert.deepEqual(changes({ resources: dummy('x'), constraints }), ['Start x b']);
});

test('when the rule of a parameter changes is when the cluster looks again', () => {
  const resources = dummy('x').replace(
    '<meta_attributes',
    '<instance_attributes id="x-i"><rule id="x-r" score="1"><date_expression id="x-d" operation="gt" start="2026-02-01"/></rule>' +
      '<nvpair id="x-p" name="p" value="1"/></instance_attributes><meta_attributes',
  );
  const constraints =
    '<rsc_location id="l" rsc="x"><rule id="r" score="1"><expression id="e" attribute="#uname" operation="eq" value="a"/></rule></rsc_location>';
  const { recheckAt } = scheduled({ resources, constraints }).graph;
  assert.equal(recheckAt, Date.UTC(2026, 1, 1, 0, 0, 1));
});

test('a history of another agent stays where the resource is probed anyway, and is wiped elsewhere', () => {
  const told = (status: string) =>
    '<lrm_resource id="x" class="ocf" provider="heartbeat" type="Other"><lrm_rsc_op id="x_last_0" operation="stop" operation_key="x_stop_0" ' +
    `call-id="1" ${status} interval="0" transition-key="1:1:0:u"/></lrm_resource>`;
  const stopped = told('rc-code="0" op-status="0" transition-magic="0:0;1:1:0:u"');
  const pending = told('rc-code="193" op-status="-1" transition-magic="-1:193;1:1:0:u"');
  const keys = (history: string) =>
    Object.keys(
      graph({ resources: dummy('x'), options: { 'enable-startup-probes': 'true' }, told: history }),
    );
  assert.ok(keys(stopped).includes('x_delete_0'));
  assert.ok(!keys(pending).includes('x_delete_0'));
});

test('a location with a lifetime is in force only as long as one of its rules holds', () => {
  const ban = (start: string) =>
    `<rsc_location id="l" rsc="r" node="a" score="-INFINITY"><lifetime><rule id="u"><date_expression id="e" operation="in_range" start="${start}" end="2027-01-01"/></rule></lifetime></rsc_location>`;
  const given = (start: string) => ({ resources: dummy('r'), constraints: ban(start) });
  assert.deepEqual(changes(given('2025-12-31')), ['Start r b']);
  assert.deepEqual(changes(given('2026-02-01')), ['Start r a']);
});

test('remote nodes that never were up have no name for a colocation, hence are the same to it', () => {
  const guest = (id: string) => dummy(`vm-${id}`, { 'remote-node': id });
  const { scores } = scheduled({
    resources: guest('g1') + guest('g2') + dummy('x') + dummy('y'),
    constraints:
      '<rsc_location id="l" rsc="x" node="g1" score="INFINITY"/>' +
      '<rsc_colocation id="c" rsc="y" with-rsc="x" score="INFINITY"/>',
  });
  const ofY = (node: string) =>
    scores.flatMap(one =>
      one.kind === 'assignment' && one.resource === 'y' && one.node === node ? [one.score] : [],
    );
  assert.deepEqual(ofY('g2'), [0]);
  assert.deepEqual(ofY('a'), [-1_000_000]);
});
