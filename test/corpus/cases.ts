import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instant } from '../../src/core/base/time.ts';
import { parseDate } from '../../src/core/model/iso8601.ts';
import { isOfUtilization, scoreLine } from '../../src/core/report/scores-text.ts';
import { type Schedule, type ScheduleInput, schedule } from '../../src/core/scheduler/schedule.ts';
import { NOTHING_SUPPOSED } from '../../src/core/simulation/inject.ts';
import { graphElement } from '../../src/core/transition/graph-xml.ts';
import { parseXml } from '../../src/core/xml/parse.ts';
import { printXml } from '../../src/core/xml/print.ts';
import { simulate } from '../../src/tools/simulate/run.ts';
import { simulationText } from '../../src/tools/simulate/text.ts';

/** Cases of upstream's scheduler tests: what each output of `crm_simulate` must be. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
}

export type Output = 'graph' | 'dot' | 'scores' | 'summary';
export const OUTPUTS: readonly Output[] = ['graph', 'dot', 'scores', 'summary'];

const ROOT = new URL('../../', import.meta.url).pathname;
const FOLDER = join(process.env.PACEMAKER_CONFORMANCE ?? join(ROOT, '../shared/conformance'), 'scheduler');

export const readCases = (): readonly Case[] => JSON.parse(readFileSync(join(FOLDER, 'cases.json'), 'utf8'));

/** Where a case's document lies. */
export const inputPath = (name: string): string => join(FOLDER, 'xml', `${name}.xml`);

const SUFFIX: Readonly<Record<Output, string>> = {
  graph: 'exp',
  dot: 'dot',
  scores: 'scores',
  summary: 'summary',
};
export const expected = (name: string, output: Output): string =>
  readFileSync(join(FOLDER, SUFFIX[output], `${name}.${SUFFIX[output]}`), 'utf8');

/** When upstream's cases take place, unless their document or arguments say so. */
const NOW = instant(Date.UTC(2026, 5, 1));

function nowOf({ args }: Case, cib: ReturnType<typeof parse>): ReturnType<typeof instant> {
  const at = args.indexOf('-t');
  const given = at < 0 ? undefined : parseDate(args[at + 1] ?? '');
  const recorded = cib.attributes[cib.attributes.indexOf('execution-date') + 1];
  if (given !== undefined) return given;
  return cib.attributes.includes('execution-date') ? instant(Number(recorded) * 1000) : NOW;
}

function parse(name: string) {
  const parsed = parseXml(readFileSync(inputPath(name), 'utf8'));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.message}`);
  return parsed.root;
}

export interface Made {
  readonly schedule: Schedule;
  /** Standard output of `crm_simulate -S`. */
  readonly summary: string;
}

/** What is to be decided on, as `crm_simulate` has it. */
export function inputOf(one: Case): ScheduleInput {
  const cib = parse(one.name);
  return { cib, now: nowOf(one, cib), sanitized: true };
}

export const decide = (one: Case): Schedule => schedule(inputOf(one));

export function run(one: Case): Made {
  const cib = parse(one.name);
  const now = nowOf(one, cib);
  const dateAt = one.args.indexOf('-t');
  const date = dateAt < 0 ? undefined : one.args[dateAt + 1];
  const ran = simulate({
    cib,
    clock: NOW,
    at: date === undefined ? undefined : now,
    suppositions: NOTHING_SUPPOSED,
    failures: [],
    extent: 'execute',
    sanitized: true,
  });
  assert.ok(ran.schedule);
  return { schedule: ran.schedule, summary: simulationText(ran, { ...SUMMARY_VIEW, date }) };
}

const SUMMARY_VIEW = {
  quiet: false,
  attributes: false,
  failCounts: false,
  scores: false,
  utilization: false,
  pending: false,
};

/** The outputs as upstream compares them: blanks do not count, nor does the order of lines in DOT and scores. */
export function outputsOf({ schedule: made, summary }: Made): Readonly<Record<Output, readonly string[]>> {
  return {
    graph: graphLines(printXml(graphElement(made.graph), { pretty: true })),
    dot: dotLines(made),
    scores: made.scores
      .filter(line => !isOfUtilization(line))
      .map(scoreLine)
      .map(squeeze)
      .sort(),
    summary: textLines(summary),
  };
}

const squeeze = (line: string): string => line.replace(/\s+/g, '');

export function expectedLines(name: string, output: Output): readonly string[] {
  const text = expected(name, output);
  if (output === 'graph') return graphLines(text);
  const lines = [...textLines(text)];
  if (output === 'summary') return lines;
  if (output === 'dot') return [...new Set(lines.slice(1, -1))].sort();
  return lines.sort();
}

const textLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(squeeze)
    .filter(line => line !== '');

const graphLines = (text: string): readonly string[] =>
  text
    .replaceAll(/crm_feature_set="[^"]*"/g, '')
    .replaceAll(/batch-limit="[0-9]*"/g, '')
    .split('\n')
    .map(squeeze)
    .filter(line => line !== '');

function dotLines({ drawing }: Schedule): readonly string[] {
  const lines = [
    ...drawing.actions.map(
      one => `"${one.name}"[style=${one.style}color="${one.color}"fontcolor="${one.font}"]`,
    ),
    ...drawing.edges.map(one => `"${one.from}"->"${one.to}"[style=${one.style}]`),
  ].map(squeeze);
  return [...new Set(lines)].sort();
}

export const same = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((line, at) => line === right[at]);
