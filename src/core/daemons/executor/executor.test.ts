import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instant, instant, milliseconds } from '../../base/time.ts';
import type { ExecutorAction, ExecutorReply, ExecutorRequest } from '../../messages/executor.ts';
import type { ExecutorEvent } from '../contract.ts';
import * as executor from './executor.ts';

/** An executor and its world, told what happens; it collects in words what the executor does. */
class Bench {
  state = executor.initial;
  now = 0;
  readonly did: string[] = [];

  constructor() {
    this.tell({ kind: 'connected' });
  }

  tell(event: ExecutorEvent): void {
    const [state, effects] = executor.step(this.state, event, { now: instant(this.now) });
    this.state = state;
    for (const effect of effects) this.did.push(spoken(effect));
  }

  ask(request: ExecutorRequest): void {
    this.tell({ kind: 'request', request });
  }

  /** Lets time pass as the world would: a tick at each deadline. */
  until(end: number): void {
    for (;;) {
      const next: Instant | undefined = executor.deadline(this.state);
      if (next === undefined || next > end) break;
      this.now = Math.max(this.now, next);
      this.tell({ kind: 'tick' });
    }
    this.now = end;
  }

  exit(effect: number, status: number, stderr = ''): void {
    this.tell({ kind: 'exited', effect, status, stdout: '', stderr });
  }

  /** What was done since the last look, what was kept aside. */
  look(): string[] {
    return this.did.splice(0).filter(line => !line.startsWith('keep '));
  }

  /** What was done since the last look, down to what was kept for later executors. */
  lookCloser(): string[] {
    return this.did.splice(0);
  }
}

function spoken(effect: executor.Effect): string {
  switch (effect.kind) {
    case 'keep-begun':
      return `keep ${effect.resource} ${effect.action?.operation ?? 'no more'}`;
    case 'spawn':
      return `spawn ${effect.effect} ${effect.resource} ${effect.action}`;
    case 'kill-group':
      return `${effect.signal} ${effect.effect}`;
    case 'reply':
      return reply(effect.reply);
    case 'log':
      return `log ${effect.level}`;
  }
}

function reply(said: ExecutorReply): string {
  if (said.kind !== 'result') return said.kind;
  const { action, status, exitStatus, exitReason = '' } = said.result;
  return `result ${action.call} ${action.operation} ${status}/${exitStatus} ${exitReason}`.trim();
}

const action = (call: number, operation: string, more: Partial<ExecutorAction> = {}): ExecutorAction => ({
  asker: 'controller',
  call,
  resource: 'web',
  agent: { standard: 'ocf', provider: 'heartbeat', type: 'Dummy' },
  operation,
  interval: milliseconds(0),
  timeout: milliseconds(20_000),
  parameters: {},
  ...more,
});
const every = (interval: number) => ({ interval: milliseconds(interval) });
const execute = (of: ExecutorAction): ExecutorRequest => ({ kind: 'execute', action: of });

test('actions of one resource run one after the other, those of two at once', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'start')));
  bench.ask(execute(action(2, 'promote')));
  bench.ask(execute(action(3, 'start', { resource: 'db' })));
  assert.deepEqual(bench.look(), ['spawn 1 web start', 'spawn 2 db start']);
  bench.exit(1, 0);
  assert.deepEqual(bench.look(), ['result 1 start 0/0', 'spawn 3 web promote']);
});

test('an action that is asked for twice runs once', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'start')));
  bench.ask(execute(action(1, 'start')));
  bench.exit(1, 0);
  assert.deepEqual(bench.look(), ['spawn 1 web start', 'result 1 start 0/0']);
});

test('a recurring operation is told first and when it changes, its interval counts from its end', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'monitor', every(1000))));
  bench.until(300);
  bench.exit(1, 0);
  bench.until(1299);
  assert.deepEqual(bench.look(), ['spawn 1 web monitor', 'result 1 monitor 0/0']);
  bench.until(1300);
  bench.exit(2, 0);
  bench.until(2300);
  bench.exit(3, 7, 'ocf-exit-reason:gone\n');
  assert.deepEqual(bench.look(), ['spawn 2 web monitor', 'spawn 3 web monitor', 'result 1 monitor 0/7 gone']);
});

test('a recurring operation that is asked for anew is adopted, runs at once and is told again', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'monitor', every(1000))));
  bench.exit(1, 0);
  bench.ask(execute(action(9, 'monitor', every(1000))));
  bench.exit(2, 0);
  bench.until(1000);
  assert.deepEqual(bench.look(), [
    'spawn 1 web monitor',
    'result 1 monitor 0/0',
    'spawn 2 web monitor',
    'result 9 monitor 0/0',
    'spawn 3 web monitor',
  ]);
});

test('a stop ends recurring operations first, also the one that runs, and waits for it', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'monitor', every(1000))));
  bench.ask(execute(action(2, 'stop')));
  assert.deepEqual(bench.look(), ['spawn 1 web monitor', 'TERM 1']);
  bench.exit(1, 0);
  bench.exit(2, 0);
  bench.until(10_000);
  assert.deepEqual(bench.look(), ['spawn 2 web stop', 'result 2 stop 0/0']);
});

test('who exceeds its time is asked to end, made to end, and at last given up', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'start')));
  bench.ask(execute(action(2, 'stop')));
  bench.until(23_999);
  assert.deepEqual(bench.look(), ['spawn 1 web start', 'TERM 1', 'KILL 1']);
  bench.until(24_000);
  assert.deepEqual(bench.look(), [
    'log err',
    'result 1 start 2/1 Agent did not complete within 20s',
    'spawn 2 web stop',
  ]);
});

test('an agent that answers after its time was over has still timed out', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'start')));
  bench.until(20_000);
  bench.exit(1, 0);
  assert.deepEqual(bench.look(), [
    'spawn 1 web start',
    'TERM 1',
    'result 1 start 2/1 Agent did not complete within 20s',
  ]);
});

test('cancelling ends a recurring operation with one result, or says that there is none', () => {
  const bench = new Bench();
  const cancel = { kind: 'cancel', resource: 'web', operation: 'monitor', ...every(1000) } as const;
  bench.ask(execute(action(1, 'monitor', every(1000))));
  bench.exit(1, 0);
  bench.look();
  bench.ask(cancel);
  bench.ask(cancel);
  bench.until(10_000);
  assert.deepEqual(bench.look(), ['result 1 monitor 1/193', 'nothing-to-cancel']);
});

test('results wait for pacemakerd, which hears of them when it asks', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'start')));
  bench.tell({ kind: 'disconnected' });
  bench.exit(1, 0);
  bench.tell({ kind: 'connected' });
  assert.deepEqual(bench.look(), ['spawn 1 web start']);
  const listed = () => {
    const [, effects] = executor.step(
      bench.state,
      { kind: 'request', request: { kind: 'list' } },
      env(bench),
    );
    const [effect] = effects;
    assert.ok(effect?.kind === 'reply' && effect.reply.kind === 'listed');
    return effect.reply;
  };
  assert.deepEqual(
    listed().unacknowledged.map(({ result }) => result),
    [1],
  );
  bench.ask({ kind: 'acknowledge', result: 1 });
  assert.deepEqual(listed().unacknowledged, []);
});

const env = (bench: Bench) => ({ now: instant(bench.now) });

test('what runs, waits and recurs is listed', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'start')));
  bench.ask(execute(action(2, 'promote')));
  bench.ask(execute(action(3, 'monitor', every(1000))));
  const [, [effect]] = executor.step(bench.state, { kind: 'request', request: { kind: 'list' } }, env(bench));
  assert.ok(effect?.kind === 'reply' && effect.reply.kind === 'listed');
  assert.deepEqual(
    [effect.reply.running, effect.reply.recurring].map(all => all.map(({ call }) => call)),
    [[1, 2], [3]],
  );
});

test('init scripts speak their own language of states', () => {
  const bench = new Bench();
  const lsb = { agent: { standard: 'lsb', type: 'cron' } };
  for (const [call, [status, expected]] of [
    [0, '0/0'],
    [1, '0/7'],
    [3, '0/7'],
    [4, '0/1'],
    [150, '0/5'],
    [151, '0/4'],
  ].entries()) {
    bench.ask(execute(action(call, 'monitor', lsb)));
    bench.exit(bench.state.nextEffect - 1, Number(status));
    assert.deepEqual(bench.look().slice(1), [`result ${call} monitor ${expected}`]);
  }
  bench.ask(execute(action(100, 'start', lsb)));
  bench.exit(bench.state.nextEffect - 1, 99);
  assert.deepEqual(bench.look().slice(1), ['result 100 start 0/1']);
});

test('an agent that is not installed says so', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'monitor')));
  bench.tell({ kind: 'could-not-spawn', effect: 1, reason: 'not-installed', error: 'no such agent' });
  assert.deepEqual(bench.look(), ['spawn 1 web monitor', 'result 1 monitor 7/5 no such agent']);
});

test('a fence device runs where the cluster started it, and is stopped without an agent', () => {
  const bench = new Bench();
  const fence = { resource: 'fence', agent: { standard: 'stonith', type: 'fence_x' } };
  bench.ask(execute(action(1, 'monitor', fence)));
  bench.ask(execute(action(2, 'start', fence)));
  bench.exit(1, 0);
  bench.ask(execute(action(3, 'monitor', fence)));
  bench.ask(execute(action(4, 'stop', fence)));
  bench.ask(execute(action(5, 'monitor', fence)));
  assert.deepEqual(bench.look(), [
    'result 1 monitor 0/7',
    'spawn 1 fence monitor',
    'result 2 start 0/0',
    'result 3 monitor 0/0',
    'result 4 stop 0/0',
    'result 5 monitor 0/7',
  ]);
});

test('metadata is fetched once for all who ask', () => {
  const bench = new Bench();
  const ask = (request: number) =>
    bench.ask({
      kind: 'metadata',
      asker: 'fencer',
      request,
      agent: { standard: 'stonith', type: 'fence_x' },
    });
  ask(1);
  ask(2);
  bench.exit(1, 0);
  ask(3);
  assert.deepEqual(bench.look(), ['spawn 1 fence_x metadata', 'metadata', 'metadata', 'metadata']);
});

test('a resource is known by the parameters it runs with until it is forgotten', () => {
  const bench = new Bench();
  const known = () => {
    const [, [effect]] = executor.step(
      bench.state,
      { kind: 'request', request: { kind: 'list' } },
      { now: instant(0) },
    );
    assert.ok(effect?.kind === 'reply' && effect.reply.kind === 'listed');
    return effect.reply.known.map(({ call, operation }) => `${call} ${operation}`);
  };
  bench.ask(execute(action(1, 'monitor')));
  bench.exit(1, 7);
  assert.deepEqual(known(), ['1 monitor']);
  bench.ask(execute(action(2, 'start')));
  bench.exit(2, 0);
  bench.ask(execute(action(3, 'stop')));
  bench.exit(3, 0);
  assert.deepEqual(known(), ['2 start']);
  bench.ask({ kind: 'forget', resource: 'web' });
  assert.deepEqual(known(), []);
});

test('what may be active is kept for later executors from before it begins until it is known to have ended', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'monitor')));
  bench.exit(1, 7);
  bench.look();
  bench.ask(execute(action(2, 'start')));
  assert.deepEqual(bench.lookCloser(), ['keep web start', 'spawn 2 web start']);
  bench.exit(2, 1);
  bench.look();
  bench.ask(execute(action(3, 'stop')));
  bench.exit(3, 1);
  assert.ok(!bench.lookCloser().includes('keep web no more'), 'a stop that failed proves nothing');
  bench.ask(execute(action(4, 'stop')));
  bench.exit(4, 0);
  assert.ok(bench.lookCloser().includes('keep web no more'));
  bench.ask(execute(action(5, 'monitor')));
  bench.exit(5, 8);
  assert.ok(bench.lookCloser().includes('keep web monitor'), 'a probe found it');
});

test('whoever has a resource forgotten hears if it may be active, and it stays kept', () => {
  const bench = new Bench();
  bench.ask(execute(action(1, 'monitor')));
  bench.exit(1, 7);
  bench.look();
  bench.ask({ kind: 'forget', resource: 'web' });
  assert.deepEqual(bench.lookCloser(), []);
  bench.ask(execute(action(2, 'start')));
  bench.exit(2, 1);
  bench.look();
  bench.ask({ kind: 'forget', resource: 'web' });
  assert.deepEqual(bench.lookCloser(), ['forgotten']);
});

test('what earlier executors began is listed, and is not let go before it was looked at', () => {
  const bench = new Bench();
  bench.tell({ kind: 'started', begun: [action(1, 'start')] });
  bench.ask({ kind: 'forget', resource: 'web' });
  const [, [effect]] = executor.step(
    bench.state,
    { kind: 'request', request: { kind: 'list' } },
    { now: instant(0) },
  );
  assert.ok(effect?.kind === 'reply' && effect.reply.kind === 'listed');
  assert.deepEqual(effect.reply.known, []);
  assert.deepEqual(effect.reply.begun, [action(1, 'start')]);
  bench.ask(execute(action(2, 'monitor')));
  bench.exit(1, 7);
  assert.ok(bench.lookCloser().includes('keep web no more'));
});
