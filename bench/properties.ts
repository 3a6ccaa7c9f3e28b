/**
 * What must hold of any plan, over random configurations: breaches with their seeds, and how plans end.
 *
 *   node bench/properties.ts [--seeds 0..1000]
 */
import { parseArgs } from 'node:util';
import { judge } from '../src/testing/random-cib/properties.ts';
import { randomCib } from '../src/testing/random-cib/random-cib.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '0..1000' } } });
const [first = 0, end = first + 1] = values.seeds.split('..').map(Number);
const endings = new Map<string, number>();
let breaches = 0;
for (let seed = first; seed < end; seed += 1) {
  const verdict = judge(randomCib(seed));
  endings.set(verdict.settled, (endings.get(verdict.settled) ?? 0) + 1);
  breaches += verdict.breaches.length;
  for (const breach of verdict.breaches) console.log(`seed ${seed}: ${breach}`);
}
console.log(`${end - first} configurations, ${breaches} breaches`);
for (const [ending, count] of endings) console.log(`${String(count).padStart(6)} ${ending}`);
if (breaches > 0) process.exitCode = 1;
