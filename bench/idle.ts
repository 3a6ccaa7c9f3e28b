/** What the daemons of an idle node take: memory now, and processor time over a minute (or the seconds given). */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { RunningDemo } from '../test/end-to-end/running-demo.ts';

const SECONDS = Number(process.argv[2] ?? 60);
/** Of the kernel's clock, in every second. */
const TICKS = 100;

const demo = await RunningDemo.start();
try {
  await demo.until('the cluster is idle', () => demo.isSettled());
  const processes = demo.nodes.flatMap(node =>
    (['pacemakerd', 'pacemaker-execd'] as const).map(name => {
      const pid = demo.daemon(node, name);
      if (pid === undefined) throw new Error(`${name} of ${node} does not run`);
      return { node, name, pid, before: ticksOf(pid) };
    }),
  );
  await wait(SECONDS * 1000);
  for (const { node, name, pid, before } of processes) {
    const used = ((ticksOf(pid) - before) / TICKS / SECONDS) * 100;
    const memory = memoryOf(pid).toFixed(0);
    process.stdout.write(
      `${node.padEnd(10)} ${name.padEnd(16)} ${memory} MiB  ${used.toFixed(2)} % of a core\n`,
    );
  }
} finally {
  await demo.stop();
  demo.remove();
}

/** User and system time so far. */
function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Share of physical memory that is the process's own or its part of what it shares. */
function memoryOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
}
