/**
 * Failures that were recorded while there was no DC, or whose DC died before it counted them: a DC that takes
 * office counts them. A failure is counted if its operation's `last-failure` is not before it. When parts of the
 * cluster meet, the CIB may tell of that later than of the failure: the attribute managers have the last word.
 */
import { sectionOf } from '../../../cib/document.ts';
import { nodeName } from '../../../model/names.ts';
import { parseOperationKey } from '../../../model/operation-key.ts';
import { attribute, child, element, walk, type XmlElement } from '../../../xml/element.ts';
import { isFailure } from '../local/entry.ts';
import { NO_TRANSITION, parseTransitionKey } from '../transition-key.ts';
import { type Turn, updateDirecting } from '../turn.ts';
import { countFailure } from './failures.ts';

export function countMissedFailures(turn: Turn, cib: XmlElement): void {
  updateDirecting(turn, { audited: true });
  const status = sectionOf(cib, 'status') ?? element('status');
  for (const state of status.children) {
    const node = nodeName(attribute(state, 'uname') ?? '');
    const lrm = child(state, 'lrm');
    if (lrm === undefined || turn.state.directing?.joins.get(node)?.phase !== 'confirmed') continue;
    const counted = lastFailures(state);
    for (const entry of walk(lrm)) {
      const failure = failureIn(entry);
      if (failure === undefined || failure.at <= (counted.get(failure.name) ?? 0)) continue;
      countFailure(turn, { node, ...failure, ignored: false, unlessCounted: true });
    }
  }
}

function lastFailures(state: XmlElement): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const attributes = child(state, 'transient_attributes');
  for (const one of attributes === undefined ? [] : walk(attributes)) {
    const name = attribute(one, 'name');
    if (name !== undefined) found.set(name, Number(attribute(one, 'value')));
  }
  return found;
}

function failureIn(entry: XmlElement) {
  const transitionKey = attribute(entry, 'transition-key') ?? '';
  const operationKey = attribute(entry, 'operation_key') ?? '';
  const parsed = parseOperationKey(operationKey);
  if (!(attribute(entry, 'id') ?? '').endsWith('_last_failure_0') || parsed === undefined) return undefined;
  if (!isFailure(entry)) return undefined;
  return {
    name: `last-failure-${parsed.resource}#${parsed.operation}_${parsed.interval}`,
    operationKey,
    at: Number(attribute(entry, 'last-rc-change') ?? 0),
    reported: parseTransitionKey(transitionKey)?.transition === NO_TRANSITION,
  };
}
