import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeId, nodeName } from '../../../model/names.ts';
import { element, withAttribute, type XmlElement } from '../../../xml/element.ts';
import { type ControllerState, NOTHING_KNOWN } from '../state.ts';
import { mayBeElsewhere } from './elsewhere.ts';

const entry = (id: string, operation: string, outcome: string, call: number) => {
  const [status = '', exit = ''] = outcome.split(':');
  return element('lrm_rsc_op', { id, operation, 'op-status': status, 'rc-code': exit, 'call-id': call });
};

/** The DC on `a`, alone of two nodes, with what the other one told of the resource `r`. */
function stateWith(
  entries: readonly XmlElement[],
  { quorate = false, expected = 'member', fencingEnabled = true } = {},
): ControllerState {
  const lrm = element('lrm', {}, [
    element('lrm_resources', {}, [element('lrm_resource', { id: 'r' }, entries)]),
  ]);
  const cib = element('cib', {}, [
    element('status', {}, [element('node_state', { id: 2, uname: 'b', expected }, [lrm])]),
  ]);
  const members = new Map([[nodeName('a'), nodeId('1')]]);
  return {
    ...NOTHING_KNOWN,
    cib,
    view: { ...NOTHING_KNOWN.view, quorate, members },
    options: { ...NOTHING_KNOWN.options, fencingEnabled },
  };
}

const action = (operation: string, attributes: readonly (readonly [string, string])[] = []) => ({
  kind: 'rsc_op' as const,
  id: 1,
  operation,
  operationKey: `r_${operation}_0`,
  node: { name: 'a', uuid: '1' },
  resource: { id: 'r', class: 'ocf', provider: 'heartbeat', type: 'Dummy' },
  attributes,
});

const started = entry('r_last_0', 'start', '0:0', 3);
const stopped = entry('r_last_0', 'stop', '0:0', 5);
const absent = entry('r_last_0', 'monitor', '0:7', 1);

test('without quorum nothing is started that a lost node may still have', () => {
  const table: readonly [string, readonly XmlElement[], boolean][] = [
    ['it was started', [started], true],
    ['it was stopped', [stopped], false],
    ['a stop is under way', [entry('r_last_0', 'stop', '-1:193', -1)], true],
    ['a stop failed', [entry('r_last_0', 'stop', '0:1', 5)], true],
    ['a probe found nothing', [absent], false],
    ['a probe found it', [entry('r_last_0', 'monitor', '0:0', 1)], true],
    ['it was to arrive', [absent, entry('r_migrate_from_0', 'migrate_from', '-1:193', -1)], true],
    ['it left before it was stopped', [stopped, entry('r_migrate_to_0', 'migrate_to', '0:1', 4)], false],
    [
      'it failed to start before it was stopped',
      [entry('r_last_failure_0', 'start', '0:1', 4), stopped],
      false,
    ],
    ['it was not looked for', [], true],
  ];
  for (const [what, entries, expected] of table) {
    assert.equal(mayBeElsewhere(stateWith(entries), action('start')), expected, what);
  }
});

test('with quorum the graph knows, and of a node that was let go or where nobody fences nothing is held back', () => {
  assert.equal(mayBeElsewhere(stateWith([started], { quorate: true }), action('start')), false);
  assert.equal(mayBeElsewhere(stateWith([started], { expected: 'down' }), action('start')), false);
  assert.equal(mayBeElsewhere(stateWith([started], { fencingEnabled: false }), action('start')), false);
  assert.equal(mayBeElsewhere(stateWith([started]), action('stop')), false);
});

test('without quorum nothing is started that an unseen node may run', () => {
  const state = stateWith([absent]);
  const nodes = element('nodes', {}, [element('node', { id: 3, uname: 'c' })]);
  const status = state.cib?.children ?? [];
  const unseen = { ...state, cib: element('cib', {}, [element('configuration', {}, [nodes]), ...status]) };
  assert.equal(mayBeElsewhere(state, action('start')), false);
  assert.equal(mayBeElsewhere(unseen, action('start')), true);
  const trusted = { ...unseen, options: { ...unseen.options, startupFencing: false } };
  assert.equal(mayBeElsewhere(trusted, action('start')), false);
});

test('copies may run beside those of lost nodes, but not be promoted beside one that may be', () => {
  const clone = [['CRM_meta_clone', '0']] as const;
  const promoted = entry('r_last_0', 'promote', '0:0', 4);
  assert.equal(mayBeElsewhere(stateWith([promoted]), action('start', clone)), false);
  assert.equal(mayBeElsewhere(stateWith([promoted]), action('promote', clone)), true);
  assert.equal(mayBeElsewhere(stateWith([started]), action('promote', clone)), false);
});

test('with quorum, too, nothing is promoted that a node has which is here and has not joined', () => {
  const clone = [['CRM_meta_clone', '0']] as const;
  const lost = stateWith([entry('r_last_0', 'promote', '0:0', 4)], { quorate: true });
  const [status] = lost.cib?.children ?? [];
  const here = (change: Readonly<Record<string, string>>) => {
    const states = (status?.children ?? []).map(state =>
      Object.entries(change).reduce((of, [name, value]) => withAttribute(of, name, value), state),
    );
    return {
      ...lost,
      cib: element('cib', {}, [element('status', {}, states)]),
      view: { ...lost.view, members: new Map(lost.view.members).set(nodeName('b'), nodeId('2')) },
    };
  };
  const table: readonly [string, ControllerState, boolean][] = [
    ['it is lost and the graph has it fenced', lost, false],
    ['it is on its way in', here({ crmd: 'online', join: 'down' }), true],
    ['it has joined', here({ crmd: 'online', join: 'member' }), false],
    ['it did not come back, and the graph has it fenced', here({ crmd: 'offline', join: 'down' }), false],
  ];
  for (const [what, state, expected] of table) {
    assert.equal(mayBeElsewhere(state, action('promote', clone)), expected, what);
  }
});
