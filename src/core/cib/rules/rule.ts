/** Rules: whether the conditions of a `rule` element hold, and until when. */
import { type Instant, instant } from '../../base/time.ts';
import { parseInterval } from '../../model/interval.ts';
import { attribute, childrenNamed, type XmlElement } from '../../xml/element.ts';
import { type IdIndex, resolveReference } from '../id-index.ts';
import { evaluateAttributeExpression } from './attribute-expression.ts';
import { type Judgement, judgement, type RuleContext, satisfiedIf, type Verdict } from './context.ts';
import { evaluateDateExpression } from './date-expression.ts';

const CONDITIONS = new Set(['rule', 'expression', 'date_expression', 'rsc_expression', 'op_expression']);

/**
 * Judges a rule. A rule without conditions is satisfied. The next change is that of the conditions that had to be
 * looked at. `ids` resolves rules that are references.
 */
export function evaluateRule(rule: XmlElement, context: RuleContext, ids?: IdIndex): Judgement {
  const resolved = resolveReference(rule, ids);
  const either = attribute(resolved, 'boolean-op')?.toLowerCase() === 'or';
  let verdict: Verdict = 'satisfied';
  let nextChange: Instant | undefined;
  for (const condition of resolved.children) {
    if (!CONDITIONS.has(condition.name)) continue;
    const judged = evaluateCondition(condition, context, ids);
    nextChange = sooner(nextChange, judged.nextChange);
    verdict = judged.verdict;
    if ((verdict === 'satisfied') === either) break;
  }
  return judgement(verdict, nextChange);
}

/** Judges the rules of a set together: one satisfied rule is enough, and so is none at all. */
export function evaluateRules(parent: XmlElement, context: RuleContext, ids?: IdIndex): Judgement {
  const rules = childrenNamed(parent, 'rule');
  let verdict: Verdict = 'satisfied';
  let nextChange: Instant | undefined;
  for (const rule of rules) {
    const judged = evaluateRule(rule, context, ids);
    nextChange = sooner(nextChange, judged.nextChange);
    verdict = judged.verdict;
    if (verdict === 'satisfied') break;
  }
  return judgement(verdict, nextChange);
}

export function sooner(left: Instant | undefined, right: Instant | undefined): Instant | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return instant(Math.min(left, right));
}

function evaluateCondition(condition: XmlElement, context: RuleContext, ids: IdIndex | undefined): Judgement {
  switch (condition.name) {
    case 'rule':
      return evaluateRule(condition, context, ids);
    case 'date_expression':
      return evaluateDateExpression(condition, context.now);
    case 'rsc_expression':
      return evaluateResourceExpression(condition, context);
    case 'op_expression':
      return evaluateOperationExpression(condition, context);
    default:
      return evaluateAttributeExpression(condition, context);
  }
}

function evaluateResourceExpression(expression: XmlElement, { agent }: RuleContext): Judgement {
  if (agent === undefined) return satisfiedIf(false);
  const matches = (name: string, value: string | undefined) => {
    const wanted = attribute(expression, name);
    return wanted === undefined || wanted === value;
  };
  return satisfiedIf(
    matches('class', agent.standard) && matches('provider', agent.provider) && matches('type', agent.type),
  );
}

function evaluateOperationExpression(expression: XmlElement, { operation }: RuleContext): Judgement {
  const name = attribute(expression, 'name');
  if (name === undefined) return judgement('invalid');
  if (operation === undefined || name !== operation.name) return satisfiedIf(false);
  const text = attribute(expression, 'interval');
  if (text === undefined) return satisfiedIf(true);
  const interval = parseInterval(text);
  return interval === undefined ? judgement('invalid') : satisfiedIf(interval === operation.interval);
}
