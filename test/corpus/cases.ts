import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instant } from '../../src/core/base/time.ts';
import { parseDate } from '../../src/core/model/iso8601.ts';
import { printScore } from '../../src/core/model/score.ts';
import { type Schedule, schedule } from '../../src/core/scheduler/schedule.ts';
import { graphElement } from '../../src/core/transition/graph-xml.ts';
import { parseXml } from '../../src/core/xml/parse.ts';
import { printXml } from '../../src/core/xml/print.ts';

/** Cases of upstream's scheduler tests: what each output of `crm_simulate` must be. */
export interface Case {
  readonly name: string;
  readonly args: readonly string[];
}

export type Output = 'graph' | 'dot' | 'scores';
export const OUTPUTS: readonly Output[] = ['graph', 'dot', 'scores'];

const ROOT = new URL('../../', import.meta.url).pathname;
const FOLDER = join(process.env.PACEMAKER_CONFORMANCE ?? join(ROOT, '../shared/conformance'), 'scheduler');

export const readCases = (): readonly Case[] => JSON.parse(readFileSync(join(FOLDER, 'cases.json'), 'utf8'));

const SUFFIX: Readonly<Record<Output, string>> = { graph: 'exp', dot: 'dot', scores: 'scores' };
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
  const parsed = parseXml(readFileSync(join(FOLDER, 'xml', `${name}.xml`), 'utf8'));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.message}`);
  return parsed.root;
}

export function run(one: Case): Schedule {
  const cib = parse(one.name);
  return schedule({ cib, now: nowOf(one, cib), transition: 1, sanitized: true });
}

/** The outputs as upstream compares them: blanks do not count, nor does the order of lines in DOT and scores. */
export function outputsOf(made: Schedule): Readonly<Record<Output, readonly string[]>> {
  return {
    graph: graphLines(printXml(graphElement(made.graph), { pretty: true })),
    dot: dotLines(made),
    scores: made.scores
      .map(line => {
        if (line.kind === 'utilization') return line.text;
        const score = printScore(line.score);
        if (line.kind === 'assignment') {
          return `pcmk__${line.by}_assign: ${line.resource} allocation score on ${line.node}: ${score}`;
        }
        return line.node === undefined
          ? `${line.resource} promotion score (inactive): ${score}`
          : `${line.resource} promotion score on ${line.node}: ${score}`;
      })
      .map(squeeze)
      .sort(),
  };
}

const squeeze = (line: string): string => line.replace(/\s+/g, '');

export function expectedLines(name: string, output: Output): readonly string[] {
  const text = expected(name, output);
  if (output === 'graph') return graphLines(text);
  const lines = text
    .split('\n')
    .map(squeeze)
    .filter(line => line !== '');
  if (output === 'dot') return [...new Set(lines.slice(1, -1))].sort();
  return lines.sort();
}

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
