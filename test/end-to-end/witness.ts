/**
 * What may not happen to services while something is done to the daemons. A cloned resource of the tests' own
 * writes down all that is done with it; the CIB says the same of all the others.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningDemo } from './running-demo.ts';

const JOURNAL = 'journal';
const INTERVAL = 1000;
/** How late the machine itself may make a monitor of one second. */
const SLACK = 1000;

interface Entry {
  readonly at: number;
  readonly node: string;
  readonly action: string;
  readonly interval: number;
}

interface Untouched {
  /** Longest time, in milliseconds, between two monitors of the same instance. */
  readonly longestPause: number;
  /** How many monitors were seen. */
  readonly monitors: number;
}

export class Witness {
  readonly #demo: RunningDemo;
  readonly #file: string;

  private constructor(demo: RunningDemo) {
    this.#demo = demo;
    this.#file = join(demo.folder, 'journal');
  }

  /** Has the journal written on every node. */
  static async of(demo: RunningDemo): Promise<Witness> {
    const witness = new Witness(demo);
    const configuration = join(demo.folder, 'journal.crm');
    writeFileSync(witness.#file, '');
    writeFileSync(
      configuration,
      `primitive ${JOURNAL} ocf:test:Journal params journal=${witness.#file} op monitor interval=${INTERVAL}ms timeout=20s\n` +
        `clone clo-${JOURNAL} ${JOURNAL}\n`,
    );
    await demo.tool('crm', ['configure', 'load', 'update', configuration]);
    await demo.until('the journal is written everywhere', () => {
      const seen = witness.#entries().filter(({ interval }) => interval > 0);
      return demo.nodes.every(node => seen.some(entry => entry.node === node));
    });
    await demo.until('the cluster is idle', () => demo.isSettled());
    return witness;
  }

  /**
   * Does `blow`, and asserts that meanwhile, and until one more monitor has run everywhere, no monitor was lost and
   * no resource was started, stopped, promoted or demoted anywhere.
   */
  async untouchedBy(blow: () => Promise<void>): Promise<Untouched> {
    const before = await this.#history();
    const from = Date.now();
    await blow();
    const until = Date.now();
    await this.#demo.until('monitors ran everywhere', () => {
      const later = this.#entries().filter(({ at }) => at > until);
      return this.#demo.nodes.every(node => later.some(entry => entry.node === node));
    });
    assert.deepEqual(await this.#history(), before, 'nothing was done to any resource');
    const seen = this.#entries().filter(({ at }) => at > from - 2 * INTERVAL);
    const done = seen.filter(entry => entry.interval === 0 && entry.at > from);
    assert.deepEqual(done, [], 'nothing but the monitors ran');
    const pauses = this.#demo.nodes.flatMap(node => pausesOf(seen.filter(entry => entry.node === node)));
    const longestPause = Math.max(...pauses);
    assert.ok(longestPause < INTERVAL + SLACK, `no monitor was lost: ${longestPause} ms between two`);
    return { longestPause, monitors: seen.length };
  }

  #entries(): readonly Entry[] {
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        const [at, node = '', , action = '', interval] = line.split(' ');
        return { at: Number(at), node, action, interval: Number(interval) };
      });
  }

  /** Each operation that the cluster knows of, recurring ones included, with the call that it was and when. */
  async #history(): Promise<readonly string[]> {
    const status = await this.#demo.tool('cibadmin', ['-Q', '-o', 'status']);
    return [...status.matchAll(/<lrm_rsc_op [^>]*>/g)]
      .map(([entry]) =>
        ['on_node', 'operation_key', 'call-id', 'rc-code', 'last-rc-change']
          .map(name => new RegExp(` ${name}="([^"]*)"`).exec(entry)?.[1])
          .join(' '),
      )
      .toSorted();
  }
}

const pausesOf = (entries: readonly Entry[]): readonly number[] =>
  entries.slice(1).map(({ at }, index) => at - (entries[index]?.at ?? at));
