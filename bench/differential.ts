/**
 * Random configurations, decided here and by the `crm_simulate` of another Pacemaker: in what the two differ, and on
 * which seeds, beyond the words that are known to differ; where a rule is known to have changed that the
 * configuration is about, they are listed with that. With one seed: the lines that only one of them has, and (`--write FILE`) the configuration.
 *
 *   node bench/differential.ts [--seeds 0..200] [--other /usr/sbin/crm_simulate] [--write FILE]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { instant } from '../src/core/base/time.ts';
import { NOTHING_SUPPOSED } from '../src/core/simulation/inject.ts';
import { graphElement } from '../src/core/transition/graph-xml.ts';
import type { XmlElement } from '../src/core/xml/element.ts';
import { printXml } from '../src/core/xml/print.ts';
import { PRESENT } from '../src/testing/random-cib/history.ts';
import { randomCib } from '../src/testing/random-cib/random-cib.ts';
import { simulate } from '../src/tools/simulate/run.ts';
import { simulationText } from '../src/tools/simulate/text.ts';
import { inWordsOfBoth, rulesThatMayDiffer } from './known-differences.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0..200' },
    other: { type: 'string', default: '/usr/sbin/crm_simulate' },
    write: { type: 'string' },
  },
});
const [first = 0, end = first + 1] = values.seeds.split('..').map(Number);

type Parts = Readonly<Record<string, readonly string[]>>;

const PARTS = ['current', 'scores', 'summary', 'execution', 'revised', 'graph'] as const;
const HEADINGS = /^(Transition Summary|Executing Cluster|Revised Cluster)/m;
const VIEW = {
  quiet: false,
  attributes: false,
  failCounts: false,
  scores: false,
  utilization: false,
};

const folder = mkdtempSync(join(tmpdir(), 'differential-'));
const tally = new Map<string, number[]>();
for (let seed = first; seed < end; seed += 1) {
  const kind = compare(seed);
  tally.set(kind, [...(tally.get(kind) ?? []), seed]);
}
rmSync(folder, { recursive: true });
for (const [kind, seeds] of [...tally].sort(([, left], [, right]) => right.length - left.length)) {
  console.log(
    `${String(seeds.length).padStart(6)} ${kind}${kind === 'same' ? '' : `: ${seeds.slice(0, 12)}`}`,
  );
}

function compare(seed: number): string {
  const cib = randomCib(seed);
  if (values.write !== undefined) writeFileSync(values.write, printXml(cib, { pretty: true }));
  const other = decidedThere(cib);
  if (other === undefined) return 'the other one fails';
  const mine = decidedHere(cib);
  const different = PARTS.filter(part => !isSame(mine[part], other[part]));
  if (end - first === 1) for (const part of different) printDifference(part, mine[part], other[part]);
  if (different.length === 0) return 'same';
  const rules = rulesThatMayDiffer(cib);
  return rules.length === 0 ? different.join(' ') : `known (${rules.join('; ')})`;
}

function decidedHere(cib: XmlElement): Parts {
  const clock = instant(PRESENT * 1000);
  const run = simulate({
    cib,
    clock,
    at: undefined,
    suppositions: NOTHING_SUPPOSED,
    failures: [],
    extent: 'execute',
    sanitized: true,
  });
  if (run.schedule === undefined) throw new Error('nothing was decided');
  const graph = printXml(graphElement(run.schedule.graph), { pretty: true });
  const scores = simulationText(run, { ...VIEW, quiet: true, scores: true });
  return partsOf(simulationText(run, VIEW), scores, graph);
}

function decidedThere(cib: XmlElement): Parts | undefined {
  const input = join(folder, 'input.xml');
  const graph = join(folder, 'graph.xml');
  writeFileSync(input, printXml(cib));
  rmSync(graph, { force: true });
  const text = outputOf(['-x', input, '-S', '-G', graph]);
  const scores = outputOf(['-x', input, '-S', '-s', '-Q']);
  if (text === undefined || scores === undefined || !existsSync(graph)) return undefined;
  return partsOf(text, scores, readFileSync(graph, 'utf8'));
}

function outputOf(line: readonly string[]): string | undefined {
  const { stdout, status } = spawnSync(values.other, line, {
    encoding: 'utf8',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    timeout: 10_000,
  });
  // 1: what was decided could not be carried out to its end.
  return status === 0 || status === 1 ? stdout : undefined;
}

/** Lines without blanks, by the part that they stand in; scores in no order; versions left out. */
function partsOf(text: string, scores: string, graph: string): Parts {
  const pieces = withoutRemarks(text).split(HEADINGS);
  const [current = ''] = pieces;
  const under = (heading: string) => pieces[pieces.indexOf(heading) + 1] ?? '';
  return {
    current: linesOf(current),
    scores: [...linesOf(withoutRemarks(scores))].sort(),
    summary: linesOf(under('Transition Summary')),
    execution: linesOf(under('Executing Cluster')),
    revised: linesOf(under('Revised Cluster')),
    graph: linesOf(
      graph
        .replaceAll(/(?:crm_feature_set|batch-limit|transition_id)="[^"]*"/g, '')
        .replace('stonith-timeout=', 'fencing-timeout='),
    ),
  };
}

function withoutRemarks(text: string): string {
  return text.replace(/^(?:Only 'private' parameters|Using the original execution date).*\n/gm, '');
}

function linesOf(text: string): readonly string[] {
  return inWordsOfBoth(text.split('\n').map(line => line.replaceAll(/\s+/g, '')));
}

function isSame(left: readonly string[] = [], right: readonly string[] = []): boolean {
  return left.length === right.length && left.every((line, at) => line === right[at]);
}

function printDifference(part: string, mine: readonly string[] = [], other: readonly string[] = []): void {
  console.log(`${part}:`);
  for (const line of mine) if (!other.includes(line)) console.log(`  here:  ${line}`);
  for (const line of other) if (!mine.includes(line)) console.log(`  there: ${line}`);
}
