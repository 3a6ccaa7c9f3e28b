import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from '../../core/base/time.ts';
import { NO_RUN } from '../../core/daemons/controller/transition-key.ts';
import type { ExecutorRequest } from '../../core/messages/executor.ts';
import { nodeName } from '../../core/model/names.ts';
import { element } from '../../core/xml/element.ts';
import { drawSettings } from '../settings.ts';
import { Broken, World } from '../world/world.ts';
import { Acknowledged, notesIn } from './acknowledged.ts';
import { Exclusive } from './exclusive.ts';
import { Failures } from './failures.ts';
import { Monitors } from './monitors.ts';
import { Once } from './once.ts';

const [n1, n2, n3] = ['n1', 'n2', 'n3'].map(nodeName) as [never, never, never];
const worldOf = () => new World({ settings: drawSettings(1, 3) });
const run = (node: typeof n1, action: string, service = 'web') => ({ node, service, action, parameters: {} });

function exclusive() {
  const world = worldOf();
  const allowances = new Map([['database', { copies: 3, promoted: 1 }]]);
  return { world, checker: new Exclusive(world, allowances) };
}

test('a service is not started while another node may still run it', () => {
  const proofs: readonly [string, (of: ReturnType<typeof exclusive>) => void, boolean][] = [
    ['nothing', () => {}, false],
    ['a stop that failed', ({ checker }) => checker.actionEnds(run(n1, 'stop'), 1), false],
    ['a stop', ({ checker }) => checker.actionEnds(run(n1, 'stop'), 0), true],
    ['a monitor that finds it', ({ checker }) => checker.actionEnds(run(n1, 'monitor'), 0), false],
    ['a monitor that does not', ({ checker }) => checker.actionEnds(run(n1, 'monitor'), 7), true],
    ['a demotion that finds nothing', ({ checker }) => checker.actionEnds(run(n1, 'demote'), 7), true],
    ['a demotion', ({ checker }) => checker.actionEnds(run(n1, 'demote'), 0), false],
    ['its death, which nobody knows of', ({ world }) => world.truth.endAll(n1), false],
    ['its leave in good order', ({ world }) => world.truth.dropOutlived(n1), false],
    [
      'its leave after it died and came back',
      ({ world }) => {
        world.truth.endAll(n1);
        world.truth.dropOutlived(n1);
      },
      true,
    ],
    [
      'its leave after it died, came back and began anew',
      ({ world, checker }) => {
        world.truth.endAll(n1);
        checker.actionBegins(run(n1, 'start'));
        world.truth.dropOutlived(n1);
      },
      false,
    ],
    ['its fencing', ({ world }) => world.fenced({ nodename: 'n1' }, 'off'), true],
    ['the fencing of another', ({ world }) => world.fenced({ nodename: 'n3' }, 'off'), false],
  ];
  for (const [what, prove, enough] of proofs) {
    const trial = exclusive();
    trial.checker.actionBegins(run(n1, 'start'));
    prove(trial);
    const startElsewhere = () => trial.checker.actionBegins(run(n2, 'start'));
    if (enough) assert.doesNotThrow(startElsewhere, what);
    else assert.throws(startElsewhere, Broken, what);
  }
});

test('copies of a clone may run together, and one of them is promoted', () => {
  const { checker } = exclusive();
  for (const node of [n1, n2, n3]) checker.actionBegins(run(node, 'start', 'database'));
  checker.actionBegins(run(n1, 'promote', 'database'));
  assert.throws(() => checker.actionBegins(run(n2, 'promote', 'database')), Broken);
  checker.actionEnds(run(n1, 'demote', 'database'), 0);
  checker.actionBegins(run(n2, 'promote', 'database'));
});

test('two active copies are seen, whatever was claimed', () => {
  const { world, checker } = exclusive();
  world.truth.set('web', n1, 'started');
  checker.truthChanged('web');
  world.truth.set('web', n2, 'started');
  assert.throws(() => checker.truthChanged('web'), Broken);
});

test('an action is asked for once, a recurring one as often as it takes', () => {
  const checker = new Once(worldOf());
  const request = (interval: number, userData: string): ExecutorRequest => ({
    kind: 'execute',
    action: {
      asker: 'controller',
      call: 1,
      resource: 'web',
      agent: { standard: 'ocf', provider: 'sim', type: 'Service' },
      operation: interval > 0 ? 'monitor' : 'start',
      interval: milliseconds(interval),
      timeout: milliseconds(1000),
      parameters: {},
      userData,
    },
  });
  for (const [node, interval, key] of [
    [0, 0, '1:1'],
    [1, 0, '1:1'],
    [0, 0, '1:2'],
    [0, 9, '1:3'],
    [0, 9, '1:3'],
    [0, 0, `4:0:7:${NO_RUN}`],
    [0, 0, `4:0:7:${NO_RUN}`],
  ] as const) {
    checker.askedOfExecutor(node, request(interval, key));
  }
  assert.throws(() => checker.askedOfExecutor(0, request(0, '1:1')), Broken);
});

const statusWith = (count: string) =>
  element('cib', {}, [
    element('configuration'),
    element('status', {}, [
      element('node_state', { id: 1, uname: 'n1' }, [
        element('nvpair', { id: 'a', name: 'fail-count-web#monitor_10000', value: count }),
      ]),
    ]),
  ]);

test('more failures are not counted than there were', () => {
  const checker = new Failures(worldOf());
  checker.actionEnds(run(n1, 'monitor'), 7);
  checker.actionEnds(run(n2, 'monitor'), 7);
  checker.actionEnds(run(n1, 'monitor'), 0);
  assert.deepEqual(checker.tooHighIn(statusWith('1')), []);
  assert.deepEqual(checker.tooHighIn(statusWith('INFINITY')), []);
  assert.equal(checker.tooHighIn(statusWith('2')).length, 1);
  checker.actionEnds(run(n1, 'monitor'), undefined);
  assert.deepEqual(checker.tooHighIn(statusWith('2')), []);
});

const cibWith = (value: number) =>
  element('cib', {}, [
    element('configuration', {}, [
      element('crm_config', {}, [
        element('cluster_property_set', { id: 'notes' }, [
          element('nvpair', { id: 'notes-note-1', name: 'note-1', value }),
        ]),
      ]),
    ]),
  ]);

test('what was acknowledged with quorum is owed until a majority has lost it', () => {
  const world = worldOf();
  const checker = new Acknowledged(world);
  const notes = [...Array(3)].map(() => ({ sent: 5, open: false }));
  assert.deepEqual(notesIn(cibWith(4)), [0, 4, 0]);
  checker.acknowledged(1, 3, { quorate: true, peers: [n1, n2] });
  checker.acknowledged(1, 4, { quorate: false, peers: [n3] });
  assert.equal(checker.missingIn(cibWith(2), notes).length, 1);
  assert.deepEqual(checker.missingIn(cibWith(3), notes), []);
  assert.equal(checker.missingIn(cibWith(6), notes).length, 1);
  for (const index of [0, 1]) {
    world.node(index).disk.begin(1, { cib: cibWith(3) });
    world.node(index).disk.finish(1);
  }
  checker.diskLost(2);
  assert.equal(checker.missingIn(cibWith(2), notes).length, 1);
  checker.diskLost(1);
  assert.deepEqual(checker.missingIn(cibWith(2), notes), []);
});

test('with clocks set about, it is not owed where a node that forgot an earlier majority was needed', () => {
  const settings = drawSettings(1, 3);
  const notes = [0, 6, 0].map(sent => ({ sent, open: false }));
  for (const clocksAgree of [true, false]) {
    const { 'step-clock': _, ...faults } = settings.faults;
    const world = new World({
      settings: { ...settings, faults: { ...faults, ...(clocksAgree ? {} : { 'step-clock': 1 }) } },
    });
    const checker = new Acknowledged(world);
    checker.diskLost(2);
    checker.acknowledged(1, 3, { quorate: true, peers: [n1, n3] });
    assert.equal(checker.missingIn(cibWith(2), notes).length, clocksAgree ? 1 : 0);
    checker.acknowledged(1, 4, { quorate: true, peers: [n1, n2, n3] });
    assert.equal(checker.missingIn(cibWith(3), notes).length, 1);
  }
});

test('an active service that nobody looks at is named', () => {
  const world = worldOf();
  const checker = new Monitors(world);
  world.truth.set('web', n1, 'started');
  world.queue.after(10_000, () => {});
  world.queue.advance();
  assert.equal(checker.forgotten(5000, new Set(['web'])).length, 1);
  checker.actionBegins(run(n1, 'monitor'));
  assert.deepEqual(checker.forgotten(5000, new Set(['web'])), []);
});
