/**
 * How long the demo takes to be right again after what it is made for. Each case is done N times (first argument,
 * 10 where there is none) on one cluster: from the blow until the page is served (where it was lost) and until the
 * DC has nothing left to do. Case names as further arguments choose some. Prints median and worst, in milliseconds.
 * Where pacemakerd alone is killed or upgraded it is asserted that nothing was done to any resource and that no
 * monitor was lost, and the longest pause between two monitors of a second is printed.
 */
import assert from 'node:assert/strict';
import { Installation } from '../test/end-to-end/installation.ts';
import { RunningDemo } from '../test/end-to-end/running-demo.ts';
import { Witness } from '../test/end-to-end/witness.ts';

interface Measured {
  /** Until the page is served again. */
  readonly service: number;
  /** Until nothing is left to do. */
  readonly whole: number;
  /** Between two monitors of one instance, where all of them must have gone on. */
  readonly longestPause?: number;
}

interface Stage {
  readonly demo: RunningDemo;
  readonly witness: Witness;
  readonly installation: Installation;
}

type Case = (stage: Stage) => Promise<Measured>;

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

async function replaceDaemon(
  { demo }: Stage,
  { name, signal }: { readonly name: 'pacemakerd' | 'pacemaker-execd'; readonly signal: NodeJS.Signals },
): Promise<Measured> {
  const before = found(demo.service(), 'the service');
  const daemon = found(demo.daemon(before.node, name), name);
  const elapsed = clock();
  process.kill(daemon, signal);
  await demo.until('it is started again', () => (demo.daemon(before.node, name) ?? daemon) !== daemon);
  const measured = await recovered(demo, elapsed);
  assert.deepEqual(demo.service(), before, 'no service was restarted or moved');
  return measured;
}

/** pacemakerd goes and comes back, and nothing else may be seen of it. */
async function replaceManager(stage: Stage, signal: NodeJS.Signals): Promise<Measured> {
  let measured: Measured | undefined;
  const { longestPause } = await stage.witness.untouchedBy(async () => {
    measured = await replaceDaemon(stage, { name: 'pacemakerd', signal });
  });
  return { ...found(measured, 'what was measured'), longestPause };
}

/** Its programs are replaced while it runs; then it is told to hand over, as an upgrade does. */
async function upgrade(stage: Stage): Promise<Measured> {
  const { demo, installation } = stage;
  const { node } = found(demo.service(), 'the service');
  const former = demo.program(found(demo.daemon(node, 'pacemakerd'), 'pacemakerd'));
  if (former === installation.programOf('pacemakerd')) installation.replace();
  const measured = await replaceManager(stage, 'SIGHUP');
  const program = demo.program(found(demo.daemon(node, 'pacemakerd'), 'pacemakerd'));
  assert.equal(program, installation.programOf('pacemakerd'), 'the other version runs');
  assert.notEqual(program, former);
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

/** What leaves failures behind comes late: when they expire, resources may be placed anew. */
const CASES: Readonly<Record<string, Case>> = {
  pacemakerd: stage => replaceManager(stage, 'SIGKILL'),
  upgrade,
  'pacemaker-execd': stage => replaceDaemon(stage, { name: 'pacemaker-execd', signal: 'SIGKILL' }),
  service: async ({ demo }) => {
    const before = found(demo.service(), 'the service');
    const elapsed = clock();
    process.kill(before.pid, 'SIGKILL');
    await demo.until('another server runs', () => (demo.service()?.pid ?? before.pid) !== before.pid);
    return recovered(demo, elapsed);
  },
  node: async ({ demo }) => {
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
  dc: async ({ demo }) => killNode(demo, await demo.dc()),
  partition: async ({ demo }) => {
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
const installation = new Installation();
const demo = await RunningDemo.start({ programs: installation.programs });
try {
  const stage: Stage = { demo, installation, witness: await Witness.of(demo) };
  for (const [name, measure] of Object.entries(CASES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const measured: Measured[] = [];
    for (let at = 0; at < Number(times); at += 1) {
      await demo.until('the cluster is idle', () => demo.isSettled(), 120_000);
      measured.push(await measure(stage));
    }
    const service = summary(measured.map(one => one.service));
    const whole = summary(measured.map(one => one.whole));
    const pauses = measured.flatMap(({ longestPause }) => longestPause ?? []);
    const kept = pauses.length === 0 ? '' : `  no monitor lost, longest pause: ${summary(pauses)}`;
    process.stdout.write(
      `${name.padEnd(16)} n=${times}  served again: ${service}  all right: ${whole}${kept}\n`,
    );
  }
} catch (error) {
  process.stderr.write(`${demo.logs()}\n`);
  throw error;
} finally {
  const left = await demo.stop();
  demo.remove();
  installation.remove();
  if (left.length > 0) process.stderr.write(`left behind: ${left.join(', ')}\n`);
}
