import { writeFileSync } from 'node:fs';
import { expectedLines, OUTPUTS, outputsOf, readCases, run, same } from './cases.ts';

/**
 * Prints how many cases agree in each output and which do not. With `--write` the list of those that differ is
 * brought up to date: it may only become shorter.
 */
const differs: Record<string, string[]> = {};
const counts = new Map<string, number>([...OUTPUTS, 'all'].map(output => [output, 0]));
const count = (output: string): void => {
  counts.set(output, (counts.get(output) ?? 0) + 1);
};
for (const one of readCases()) {
  const made = outputsOf(run(one));
  const wrong = OUTPUTS.filter(output => !same(made[output], expectedLines(one.name, output)));
  for (const output of OUTPUTS) if (!wrong.includes(output)) count(output);
  if (wrong.length === 0) count('all');
  else differs[one.name] = wrong;
}
for (const [output, number] of counts) console.log(`${output}: ${number} of ${readCases().length}`);
for (const [name, wrong] of Object.entries(differs)) console.log(`${name}: ${wrong.join(', ')}`);
if (process.argv.includes('--write')) {
  const sorted = Object.fromEntries(
    Object.entries(differs).sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  writeFileSync(new URL('./differs.json', import.meta.url), `${JSON.stringify(sorted, undefined, 1)}\n`);
}
