import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../testing/random-cib/properties.ts';
import { randomCib } from '../../testing/random-cib/random-cib.ts';

/** `bench/properties.ts` takes as many as one likes. */
const SEEDS = 150;
/** Here planning never ended: a guest that is said to run on itself; an inner resource colocated with its bundle. */
const PINNED = [105, 512];

test('what must hold of any plan holds over random configurations', () => {
  const breaches: string[] = [];
  let settled = 0;
  for (const seed of [...Array(SEEDS).keys(), ...PINNED]) {
    const verdict = judge(randomCib(seed));
    breaches.push(...verdict.breaches.map(breach => `seed ${seed}: ${breach}`));
    if (verdict.settled.startsWith('nothing is left')) settled += 1;
  }
  assert.deepEqual(breaches, []);
  assert.ok(settled > SEEDS / 3, `only ${settled} of ${SEEDS} plans come to an end`);
});
