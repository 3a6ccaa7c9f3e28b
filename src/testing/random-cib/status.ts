import {
  attribute,
  child,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from '../../core/xml/element.ts';
import { TICKETS } from './constraints.ts';
import type { Draw } from './draw.ts';
import { drawnHistory, LAST_CHANGE, otherwise } from './history.ts';
import type { Configured } from './resources.ts';

/** How a node stands to the cluster. */
const CONDITIONS = [
  { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' },
  { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' },
  { in_ccm: 'false', crmd: 'offline', join: 'member', expected: 'member' },
  { in_ccm: 'true', crmd: 'offline', join: 'down', expected: 'down' },
  { in_ccm: 'true', crmd: 'online', join: 'down', expected: 'member' },
] as const;
const [UP] = CONDITIONS;

export interface NodeIdentity {
  readonly id: string;
  readonly name: string;
}

export const freshState = (draw: Draw, { id, name }: NodeIdentity): XmlElement =>
  element('node_state', { id, uname: name, ...(draw.chance(0.85) ? UP : draw.pick(CONDITIONS)) }, [
    element('lrm', { id }, [element('lrm_resources')]),
  ]);

function transientAttributes(draw: Draw, id: string, { drawn, elements }: Configured): readonly XmlElement[] {
  const first = elements.length === 0 ? undefined : attribute(draw.pick(elements), 'id');
  const failing = draw.maybe(0.2, () => first);
  const failure = draw.pick(['monitor_10000', 'start_0', 'stop_0']);
  const values: Record<string, string | undefined> = {
    pingd: draw.maybe(0.2, () => draw.pick(['0', '10', '100'])),
    '#health-disk': draw.maybe(0.1, () => draw.pick(['red', 'yellow', 'green', '-5'])),
    standby: draw.maybe(0.04, () => 'on'),
    maintenance: draw.maybe(0.02, () => 'true'),
    shutdown: draw.maybe(0.05, () => String(LAST_CHANGE + 500)),
    terminate: draw.maybe(0.02, () => 'true'),
  };
  if (failing !== undefined) {
    values[`fail-count-${failing}#${failure}`] = draw.pick(['1', '2', 'INFINITY']);
    values[`last-failure-${failing}#${failure}`] = String(LAST_CHANGE + draw.within(0, 1900));
  }
  for (const { promotable, primitives } of drawn) {
    if (!promotable || primitives[0] === undefined) continue;
    values[`master-${primitives[0]}`] = draw.maybe(0.7, () =>
      draw.pick(['1', '5', '10', '100', '-1', '-INFINITY']),
    );
  }
  const sets = draw.set('instance_attributes', values);
  return sets.length === 0 ? [] : [element('transient_attributes', { id }, sets)];
}

/** The state with what changes from one moment to the next: membership, attributes, what went otherwise. */
export function disturb(draw: Draw, state: XmlElement, configured: Configured): XmlElement {
  const id = attribute(state, 'id') ?? '';
  const isMember = attribute(state, 'in_ccm') !== undefined;
  let changed = isMember && draw.chance(0.15) ? withAttributes(state, draw.pick(CONDITIONS)) : state;
  if (draw.chance(0.5)) {
    const others = changed.children.filter(one => one.name !== 'transient_attributes');
    changed = withChildren(changed, [...others, ...transientAttributes(draw, id, configured)]);
  }
  return withHistories(changed, list => disturbHistories(draw, list, { id, state, configured }));
}

interface Around {
  readonly id: string;
  readonly state: XmlElement;
  readonly configured: Configured;
}

function disturbHistories(draw: Draw, list: readonly XmlElement[], around: Around): readonly XmlElement[] {
  const changed = list.map(one => (draw.chance(0.12) ? otherwise(draw, one) : one));
  const left = draw.chance(0.05) ? changed.slice(1) : changed;
  const { drawn } = around.configured;
  if (drawn.length === 0 || !draw.chance(0.15)) return left;
  const { primitives, promotable } = draw.pick(drawn);
  if (primitives.length === 0) return left;
  const resource = draw.chance(0.05) ? 'removed' : draw.pick(primitives);
  if (left.some(one => attribute(one, 'id') === resource)) return left;
  const node = attribute(around.state, 'uname') ?? '';
  return [...left, drawnHistory(draw, { resource, node, promotable })];
}

function withHistories(
  state: XmlElement,
  change: (list: readonly XmlElement[]) => readonly XmlElement[],
): XmlElement {
  const lrm = child(state, 'lrm');
  const list = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  if (lrm === undefined || list === undefined) return state;
  const replaced = withChildren(list, change(list.children));
  const above = withChildren(
    lrm,
    lrm.children.map(one => (one === list ? replaced : one)),
  );
  return withChildren(
    state,
    state.children.map(one => (one === lrm ? above : one)),
  );
}

export function tickets(draw: Draw): readonly XmlElement[] {
  const states = TICKETS.flatMap(id => {
    if (!draw.chance(0.6)) return [];
    const granted = draw.boolean();
    return [
      element('ticket_state', {
        id,
        granted,
        'last-granted': granted === 'true' || draw.chance(0.4) ? String(LAST_CHANGE) : undefined,
        standby: draw.maybe(0.2, () => draw.boolean()),
      }),
    ];
  });
  return states.length === 0 ? [] : [element('tickets', {}, states)];
}
