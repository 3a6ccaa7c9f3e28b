import { attribute, element, withAttributes, withChildren, type XmlElement } from '../../core/xml/element.ts';
import type { Draw } from './draw.ts';

/** When drawn histories were made, in seconds since 1970; the present is somewhat later. */
export const LAST_CHANGE = 1_780_270_000;
export const PRESENT = 1_780_272_000;

interface Result {
  readonly operation: string;
  readonly interval?: string;
  readonly status: number;
  /** 0 done, -1 pending, 2 timed out, 4 error, 7 not installed … */
  readonly execution?: number;
  readonly expected?: number;
}

/** What a node can have to say of one resource: the successive results that are still on record. */
const STORIES: readonly (readonly Result[])[] = [
  [{ operation: 'monitor', status: 7, expected: 7 }],
  [{ operation: 'monitor', status: 0, expected: 7 }],
  [{ operation: 'monitor', status: 5, expected: 7 }],
  [{ operation: 'monitor', status: 1, expected: 7, execution: 4 }],
  [{ operation: 'monitor', status: 193, expected: 7, execution: -1 }],
  [{ operation: 'start', status: 0 }],
  [
    { operation: 'start', status: 0 },
    { operation: 'monitor', interval: '10000', status: 0 },
  ],
  [
    { operation: 'start', status: 0 },
    { operation: 'monitor', interval: '10000', status: 7, execution: 0, expected: 0 },
  ],
  [
    { operation: 'start', status: 0 },
    { operation: 'monitor', interval: '10000', status: 1, execution: 2, expected: 0 },
  ],
  [{ operation: 'start', status: 1 }],
  [{ operation: 'start', status: 198, execution: 2 }],
  [{ operation: 'start', status: 6 }],
  [{ operation: 'start', status: 193, execution: -1 }],
  [{ operation: 'stop', status: 0 }],
  [{ operation: 'stop', status: 1 }],
  [{ operation: 'stop', status: 198, execution: 2 }],
  [{ operation: 'stop', status: 193, execution: -1 }],
];

const PROMOTABLE_STORIES: readonly (readonly Result[])[] = [
  ...STORIES,
  [{ operation: 'promote', status: 0 }],
  [{ operation: 'promote', status: 0 }],
  [
    { operation: 'promote', status: 0 },
    { operation: 'monitor', interval: '11000', status: 8, expected: 8 },
  ],
  [
    { operation: 'promote', status: 0 },
    { operation: 'monitor', interval: '11000', status: 9, expected: 8 },
  ],
  [{ operation: 'promote', status: 1 }],
  [{ operation: 'promote', status: 193, execution: -1 }],
  [{ operation: 'demote', status: 0 }],
  [{ operation: 'demote', status: 1 }],
  [{ operation: 'monitor', status: 8, expected: 7 }],
  [{ operation: 'monitor', status: 9, expected: 7 }],
];

function entry(
  draw: Draw,
  of: { readonly resource: string; readonly node: string },
  result: Result,
): XmlElement {
  const { resource, node } = of;
  const { operation, interval = '0', status, execution = 0, expected = 0 } = result;
  const call = draw.within(2, 60);
  const key = `${draw.within(1, 40)}:${draw.within(1, 9)}:${expected}:11111111-2222-3333-4444-555555555555`;
  const failed = execution >= 0 && status !== expected;
  const last = interval === '0' ? `${resource}_last_0` : `${resource}_${operation}_${interval}`;
  return element('lrm_rsc_op', {
    id: failed && (interval !== '0' || draw.chance(0.5)) ? `${resource}_last_failure_0` : last,
    operation_key: `${resource}_${operation}_${interval}`,
    operation,
    crm_feature_set: '3.16.1',
    'transition-key': key,
    'transition-magic': `${execution}:${status};${key}`,
    on_node: node,
    'call-id': execution < 0 ? -1 : call,
    'rc-code': status,
    'op-status': execution,
    interval,
    'last-rc-change': LAST_CHANGE + call,
    'exec-time': 10,
    'queue-time': 0,
    'op-digest': draw.maybe(0.15, () => 'f2317cad3d54cec5d7d7aa7d0bf35cf8'),
  });
}

/** A history of one resource on one node that no simulation would make up: failures, doubles, what is pending. */
export function drawnHistory(
  draw: Draw,
  of: { readonly resource: string; readonly node: string; readonly promotable: boolean },
): XmlElement {
  const story = draw.pick(of.promotable ? PROMOTABLE_STORIES : STORIES);
  const entries = new Map<string, XmlElement>();
  for (const result of story) {
    const made = entry(draw, of, result);
    entries.set(attribute(made, 'id') ?? '', made);
  }
  return element(
    'lrm_resource',
    { id: of.resource, class: 'ocf', provider: 'pacemaker', type: of.promotable ? 'Stateful' : 'Dummy' },
    [...entries.values()],
  );
}

/** The same history with one of its operations ended otherwise, or not yet. */
export function otherwise(draw: Draw, history: XmlElement): XmlElement {
  if (history.children.length === 0) return history;
  const at = draw.below(history.children.length);
  const old = history.children[at] as XmlElement;
  const [execution, status] = draw.pick([
    [0, 7],
    [0, 0],
    [0, 1],
    [0, 5],
    [0, 8],
    [2, 198],
    [4, 1],
    [-1, 193],
  ] as const);
  const key = attribute(old, 'transition-key') ?? '';
  const changed = withAttributes(old, {
    'rc-code': status,
    'op-status': execution,
    'transition-magic': `${execution}:${status};${key}`,
    'last-rc-change': LAST_CHANGE + draw.within(100, 900),
    'call-id': Number(attribute(old, 'call-id') ?? 0) + 100,
    'op-digest': draw.chance(0.2) ? 'f2317cad3d54cec5d7d7aa7d0bf35cf8' : attribute(old, 'op-digest'),
  });
  return withChildren(history, history.children.with(at, changed));
}
