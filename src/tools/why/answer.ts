/** Explanations as the commands give them: text, XML or JSON, with the smallest change that would alter each. */
import { explain, type Question, type Unknown } from '../../core/scheduler/explain/explain.ts';
import type { Reason } from '../../core/scheduler/explain/reason.ts';
import { findRemedy } from '../../core/scheduler/explain/remedy.ts';
import { type Answer, answerLines, changeText } from '../../core/scheduler/explain/text.ts';
import { type ScheduleInput, schedule } from '../../core/scheduler/schedule.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';
import { type Report, ToolError } from '../tool.ts';

/** Answers a question about the plan for a CIB, and prints the answer. */
export function answerQuestion(
  input: ScheduleInput,
  question: Question,
  { report, scores }: { readonly report: Report; readonly scores: boolean },
): void {
  const found = explain(schedule(input), question);
  if ('unknown' in found) throw unknown(found);
  const answers = found.map(explanation => ({
    ...explanation,
    remedy: findRemedy(input, { question, explanation }),
  }));
  if (report.format === 'json') {
    report.raw(`${JSON.stringify({ question, answers: answers.map(plainAnswer) }, undefined, 2)}\n`);
    return;
  }
  for (const answer of answers) for (const line of answerLines(answer, { scores })) report.line(line);
  report.xml(element('explanations', {}, answers.map(answerElement)));
}

export const NO_JSON = new ToolError('usage', 'Only explanations (--why, --why-action) are printed as JSON');

const NAMES = { resource: 'Resource', node: 'Node', action: 'Action' } as const;

function unknown({ unknown: what, name }: Unknown): ToolError {
  const where = what === 'action' ? 'in the plan' : 'found';
  return new ToolError('no-such-object', `${NAMES[what]} '${name}' is not ${where}`);
}

/** An answer as JSON has it. */
function plainAnswer({ remedy, wish: _, ...answer }: Answer) {
  if (remedy === undefined) return answer;
  const changes = remedy.changes.map(change => ({ ...change, text: changeText(change) }));
  return { ...answer, remedy: { changes, outcome: remedy.outcome } };
}

function answerElement(answer: Answer): XmlElement {
  const { remedy, subject, node, statement, running, reasons, scores, waitsFor = [] } = answer;
  const { changes = [], outcome } = remedy ?? {};
  return element('explanation', { subject, node, running, statement }, [
    ...reasons.map(reasonElement),
    ...waitsFor.map(one => element('after', one)),
    ...(scores ?? []).map(one =>
      element(
        'node_score',
        { node: one.node, score: one.score },
        one.parts.map(part => element('part', { score: part.score, text: part.text })),
      ),
    ),
    ...(remedy === undefined
      ? []
      : [
          element(
            'remedy',
            { outcome },
            changes.map(one => element('change', { kind: one.kind, text: changeText(one) })),
          ),
        ]),
  ]);
}

function reasonElement({ because = [], undo = [], ...about }: Reason): XmlElement {
  return element('cause', about, [
    ...undo.map(one => element('undo', { kind: one.kind, text: changeText(one) })),
    ...because.map(reasonElement),
  ]);
}
