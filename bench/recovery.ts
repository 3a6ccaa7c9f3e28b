/**
 * How long the demo takes to be right again after what it is made for. Each case is done N times (first argument,
 * 10 where there is none) on one cluster: from the blow until the page is served (where it was lost) and until the
 * DC has nothing left to do. Case names as further arguments choose some. Prints median and worst, in milliseconds.
 */
import assert from 'node:assert/strict';
import { RunningDemo } from '../test/end-to-end/running-demo.ts';

interface Measured {
  /** Until the page is served again. */
  readonly service: number;
  /** Until nothing is left to do. */
  readonly whole: number;
}

type Case = (demo: RunningDemo) => Promise<Measured>;

const clock = (): (() => number) => {
  const startedAt = performance.now();
  return () => performance.now() - startedAt;
};

function found<T>(value: T | undefined, what: string): T {
  assert.ok(value !== undefined, `${what} is there`);
  return value;
}

/** From now until the page is served and the cluster is idle; what was hurt is known to be hurt when this is called. */
async function recovered(demo: RunningDemo, elapsed: () => number): Promise<Measured> {
  await demo.until('the page is served', () => demo.serves());
  const service = elapsed();
  await demo.until('the cluster is idle', () => demo.isSettled(), 120_000);
  return { service, whole: elapsed() };
}

async function killDaemon(demo: RunningDemo, name: 'pacemakerd' | 'pacemaker-execd'): Promise<Measured> {
  const before = found(demo.service(), 'the service');
  const daemon = found(demo.daemon(before.node, name), name);
  const elapsed = clock();
  process.kill(daemon, 'SIGKILL');
  await demo.until('it is started again', () => (demo.daemon(before.node, name) ?? daemon) !== daemon);
  const measured = await recovered(demo, elapsed);
  assert.deepEqual(demo.service(), before, 'no service was restarted or moved');
  return measured;
}

async function killNode(demo: RunningDemo, node: string): Promise<Measured> {
  const elapsed = clock();
  const served = demo.service()?.node !== node;
  await demo.control('power', node, 'off');
  if (!served) await demo.until('the service is elsewhere', () => (demo.service()?.node ?? node) !== node);
  await demo.until('the page is served', () => demo.serves());
  const service = elapsed();
  // It was fenced, and that is over, when its daemons are started again by the reboot.
  await demo.until('the node is back', () => demo.daemon(node, 'pacemakerd') !== undefined);
  await demo.until('the cluster is idle', () => demo.isSettled(), 120_000);
  return { service, whole: elapsed() };
}

const CASES: Readonly<Record<string, Case>> = {
  service: async demo => {
    const before = found(demo.service(), 'the service');
    const elapsed = clock();
    process.kill(before.pid, 'SIGKILL');
    await demo.until('another server runs', () => (demo.service()?.pid ?? before.pid) !== before.pid);
    return recovered(demo, elapsed);
  },
  pacemakerd: demo => killDaemon(demo, 'pacemakerd'),
  'pacemaker-execd': demo => killDaemon(demo, 'pacemaker-execd'),
  node: async demo => {
    const dc = await demo.dc();
    const serving = found(demo.service(), 'the service').node;
    return killNode(
      demo,
      serving === dc
        ? found(
            demo.nodes.find(node => node !== dc),
            'another node',
          )
        : serving,
    );
  },
  dc: async demo => killNode(demo, await demo.dc()),
  partition: async demo => {
    const { node } = found(demo.service(), 'the service');
    const others = demo.nodes.filter(name => name !== node);
    const elapsed = clock();
    await demo.control('partition', node, others.join(','));
    await demo.until('the service is with the majority', () => others.includes(demo.service()?.node ?? node));
    await demo.until('the page is served', () => demo.serves());
    const service = elapsed();
    await demo.control('heal');
    await demo.until('the cluster is idle', () => demo.isSettled(), 120_000);
    return { service, whole: elapsed() };
  },
};

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

const summary = (values: readonly number[]): string =>
  `median ${median(values).toFixed(0)} worst ${Math.max(...values).toFixed(0)}`;

const [times = '10', ...names] = process.argv.slice(2);
const demo = await RunningDemo.start();
try {
  for (const [name, measure] of Object.entries(CASES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const measured: Measured[] = [];
    for (let at = 0; at < Number(times); at += 1) {
      await demo.until('the cluster is idle', () => demo.isSettled(), 120_000);
      measured.push(await measure(demo));
    }
    const service = summary(measured.map(one => one.service));
    const whole = summary(measured.map(one => one.whole));
    process.stdout.write(`${name.padEnd(16)} n=${times}  served again: ${service}  all right: ${whole}\n`);
  }
} catch (error) {
  process.stderr.write(`${demo.logs()}\n`);
  throw error;
} finally {
  const left = await demo.stop();
  demo.remove();
  if (left.length > 0) process.stderr.write(`left behind: ${left.join(', ')}\n`);
}
