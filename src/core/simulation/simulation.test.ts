import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/time.ts';
import type { GraphAction, TransitionGraph } from '../transition/graph.ts';
import { attribute, walk, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { execute } from './execute.ts';
import { inject, NOTHING_SUPPOSED, parseSupposedResult } from './inject.ts';

const NOW = instant(1_700_000_000_000);

function cib(status = ''): XmlElement {
  const parsed = parseXml(
    `<cib><configuration><crm_config/><nodes><node id="1" uname="a"/><node id="2" uname="b"/></nodes></configuration>
     <status><node_state id="1" uname="a" in_ccm="true" crmd="online" join="member" expected="member">${status}</node_state></status></cib>`,
  );
  assert.ok(parsed.ok);
  return parsed.root;
}

const agentOf = (id: string) => (id === 'web' ? { class: 'ocf', provider: 'x', type: 'web' } : undefined);
const find = (root: XmlElement, name: string, key: string, value: string) =>
  [...walk(root)].find(one => one.name === name && attribute(one, key) === value);
const action = (id: number, operation: string, more: Partial<GraphAction> = {}): GraphAction => ({
  kind: 'rsc_op',
  id,
  operation,
  operationKey: `web_${operation}_0`,
  node: { name: 'a', uuid: '1' },
  resource: { id: 'web', class: 'ocf', provider: 'x', type: 'web' },
  attributes: [['CRM_meta_timeout', '20000']],
  ...more,
});
const graph = (...actions: readonly (readonly [GraphAction, ...number[]])[]): TransitionGraph => ({
  id: 1,
  settings: {},
  synapses: actions.map(([one, ...inputs], id) => ({
    id,
    priority: 0,
    actions: [one],
    inputs: inputs.map(input => ({ kind: 'rsc_op' as const, id: input, attributes: {} })),
  })),
});
const carryOut = (of: TransitionGraph, failures: string[] = [], document = cib()) =>
  execute({
    graph: of,
    cib: document,
    now: NOW,
    failures: failures.map(text => {
      const parsed = parseSupposedResult(text);
      assert.ok(!('problem' in parsed));
      return parsed;
    }),
    isResource: id => id === 'web',
  });

test('actions are carried out after their inputs, and each leaves its result in the history', () => {
  const recurring = action(3, 'monitor', { attributes: [['CRM_meta_interval', '10000']] });
  const run = carryOut(graph([recurring, 2], [action(2, 'start'), 1], [action(1, 'stop')]));
  assert.deepEqual(
    run.steps.map(step => step.kind === 'resource' && step.operation),
    ['stop', 'start', 'monitor'],
  );
  assert.equal(run.complete, true);
  const last = find(run.cib, 'lrm_rsc_op', 'id', 'web_last_0');
  assert.equal(last && attribute(last, 'operation_key'), 'web_start_0');
  assert.equal(last && attribute(last, 'call-id'), '2');
  const monitor = find(run.cib, 'lrm_rsc_op', 'id', 'web_monitor_10000');
  assert.equal(monitor && attribute(monitor, 'last-rc-change'), '1700000000');
});

test('a supposed failure ends the transition and is counted', () => {
  const run = carryOut(graph([action(1, 'start')], [action(2, 'promote'), 1]), ['web_start_0@a=1']);
  assert.deepEqual(
    run.steps.map(({ kind }) => kind),
    ['resource', 'supposed-failure', 'attribute', 'attribute'],
  );
  assert.ok(find(run.cib, 'lrm_rsc_op', 'id', 'web_last_failure_0'));
  const count = find(run.cib, 'nvpair', 'name', 'fail-count-web#start_0');
  assert.equal(count && attribute(count, 'value'), '1');
});

test('fencing takes a node down with all that is known of it; unfencing does not', () => {
  const history =
    '<lrm id="1"><lrm_resources><lrm_resource id="web"/></lrm_resources></lrm><transient_attributes id="1"/>';
  const fence = (how: string) =>
    carryOut(
      graph([action(1, 'stonith', { kind: 'crm_event', attributes: [['CRM_meta_stonith_action', how]] })]),
      [],
      cib(history),
    );
  const state = find(fence('reboot').cib, 'node_state', 'uname', 'a');
  assert.deepEqual(state && [attribute(state, 'crmd'), state.children.length], ['offline', 0]);
  const unfenced = find(fence('on').cib, 'node_state', 'uname', 'a');
  assert.deepEqual(unfenced && [attribute(unfenced, 'crmd'), unfenced.children.length], ['online', 2]);
});

test('what waits for something that never comes is not complete', () => {
  assert.equal(carryOut(graph([action(1, 'start'), 9])).complete, false);
});

test('suppositions are written into the document in their order', () => {
  const { cib: changed, steps } = inject({
    cib: cib(),
    now: NOW,
    agentOf,
    startFailureIsFatal: true,
    suppositions: {
      ...NOTHING_SUPPOSED,
      quorum: false,
      watchdog: true,
      nodesUp: ['c'],
      nodesDown: ['a'],
      nodesFailed: ['b'],
      ticketsGranted: ['T'],
      ticketsStandby: ['T'],
      operations: ['web_monitor_10000@b=7', 'other_start_0@b=1', 'nonsense'],
    },
  });
  assert.deepEqual(
    steps.map(({ kind }) => kind),
    [
      ...['quorum', 'watchdog', 'node-up', 'node-down', 'node-failed', 'grant', 'standby'],
      ...['operation', 'attribute', 'attribute', 'operation', 'refused', 'operation', 'refused'],
    ],
  );
  assert.equal(attribute(changed, 'have-quorum'), '0');
  const of = (name: string) => find(changed, 'node_state', 'uname', name);
  const lost = of('b');
  assert.deepEqual(lost && [attribute(lost, 'id'), attribute(lost, 'in_ccm'), attribute(lost, 'crmd')], [
    '2',
    'false',
    'online',
  ]);
  assert.ok(find(changed, 'node', 'uname', 'c'));
  const ticket = find(changed, 'ticket_state', 'id', 'T');
  assert.deepEqual(ticket?.attributes, ['id', 'T', 'granted', 'true', 'standby', 'true']);
  assert.ok(find(changed, 'nvpair', 'name', 'have-watchdog'));
  const failed = find(changed, 'lrm_rsc_op', 'id', 'web_last_failure_0');
  assert.equal(failed && attribute(failed, 'rc-code'), '7');
});

test('a specification of a result says what is wrong with it', () => {
  assert.deepEqual(parseSupposedResult('web'), {
    problem: 'Invalid operation spec: web.  Only found 1 fields',
  });
  assert.deepEqual(parseSupposedResult('web@a=1'), { problem: 'Invalid operation key: web' });
});
