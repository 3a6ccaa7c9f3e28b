import { instant } from '../../src/core/base/time.ts';
import { changeLines } from '../../src/core/report/change-text.ts';
import { scoreLine } from '../../src/core/report/scores-text.ts';
import { schedule } from '../../src/core/scheduler/schedule.ts';
import { graphElement } from '../../src/core/transition/graph-xml.ts';
import { parseXml } from '../../src/core/xml/parse.ts';
import { printXml } from '../../src/core/xml/print.ts';

/** All that the scheduler makes of a document, as text: the same bytes wherever it runs. */
export function decide(source: string, milliseconds: number): string {
  const parsed = parseXml(source);
  if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.message}`);
  const made = schedule({ cib: parsed.root, now: instant(milliseconds) });
  return [
    printXml(graphElement(made.graph), { pretty: true }),
    ...made.scores.map(scoreLine),
    ...changeLines(made.changes),
    ...made.problems,
  ].join('\n');
}
