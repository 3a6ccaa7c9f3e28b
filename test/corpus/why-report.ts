import { writeFileSync } from 'node:fs';
import { inputOf, readCases } from './cases.ts';
import { type Fate, undoneIn } from './why.ts';

/**
 * Undoes every cause that explanations of all cases name and that can be undone, and prints by kind how often that
 * changed what was explained. With `--write` the list of those that did not is brought up to date: it may only
 * become shorter.
 */
const counts = new Map<string, Record<Fate, number>>();
const unmoved: Record<string, Record<string, number>> = {};
for (const one of readCases()) {
  for (const { kind, fate } of undoneIn(inputOf(one))) {
    const count = counts.get(kind) ?? { alone: 0, together: 0, unmoved: 0 };
    count[fate] += 1;
    counts.set(kind, count);
    if (fate !== 'unmoved') continue;
    const cases = unmoved[kind] ?? {};
    cases[one.name] = (cases[one.name] ?? 0) + 1;
    unmoved[kind] = cases;
  }
}
const total = { alone: 0, together: 0, unmoved: 0 };
for (const count of counts.values()) {
  for (const fate of ['alone', 'together', 'unmoved'] as const) total[fate] += count[fate];
}
console.table(Object.fromEntries([...counts].sort(([, left], [, right]) => right.unmoved - left.unmoved)));
const all = total.alone + total.together + total.unmoved;
const share = (number: number): string => `${number} (${((100 * number) / all).toFixed(1)} %)`;
console.log(
  `${all} causes: alone ${share(total.alone)}, with others ${share(total.together)}, in vain ${share(total.unmoved)}`,
);
if (process.argv.includes('--write')) {
  writeFileSync(new URL('./unmoved.json', import.meta.url), `${JSON.stringify(unmoved, undefined, 1)}\n`);
}
