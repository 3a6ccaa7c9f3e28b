/**
 * Whether a resource that is about to be started or promoted may still be so on a node that nobody can ask:
 *
 * - on one that was lost. With quorum the graph has it fenced first, and what fencing proves is not in history any
 *   more. Without quorum nobody fences: a resource that is recovered where it is (`no-quorum-policy=freeze`) may have
 *   gone, or be on its way, to a node that is lost, or its stop there may not have ended; and of a node that nobody has
 *   seen, or that was lost before it was probed, nothing is known;
 * - on one that is here and has not joined. A graph waits for such a node with a start, and does not with a promotion:
 *   what cannot be demoted yet passes for something that another copy need not wait for.
 */
import { sectionOf } from '../../../cib/document.ts';
import { nodeName, withoutInstance } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { actionAttribute } from '../../../transition/walk.ts';
import { attribute, child, childrenNamed, element, type XmlElement } from '../../../xml/element.ts';
import { isPending } from '../local/history.ts';
import type { ControllerState } from '../state.ts';

export function mayBeElsewhere(known: ControllerState, action: GraphAction): boolean {
  const { options, cib } = known;
  if (!options.fencingEnabled || cib === undefined) return false;
  const isClone = actionAttribute(action, 'CRM_meta_clone') !== undefined;
  const wanted = action.operation === 'promote' ? 'promoted' : 'active';
  // Copies have nodes of their own; only one of them is promoted.
  if (!['start', 'promote'].includes(action.operation) || (isClone && wanted === 'active')) return false;
  const id = withoutInstance(action.resource?.id ?? '');
  const states = childrenNamed(sectionOf(cib, 'status') ?? cib, 'node_state');
  return silentNodes(known, cib, states).some(({ name, state }) => {
    const isLost = !known.view.members.has(nodeName(name));
    if (state === undefined || attribute(state, 'expected') === undefined) {
      return options.startupFencing && isLost;
    }
    if (attribute(state, 'expected') !== 'member') return false;
    const told = historiesOf(state, id).filter(entries => entries.length > 0);
    return told.length === 0 ? isLost : told.some(entries => maybe(wanted, lastWords(entries)));
  });
}

interface SilentNode {
  readonly name: string;
  /** Absent: nobody has seen it. */
  readonly state: XmlElement | undefined;
}

function silentNodes(
  { view, directing }: ControllerState,
  cib: XmlElement,
  states: readonly XmlElement[],
): readonly SilentNode[] {
  const configured = childrenNamed(sectionOf(cib, 'nodes') ?? element('nodes'), 'node').filter(
    one => !['remote', 'ping'].includes(attribute(one, 'type') ?? ''),
  );
  const clustered = states.filter(state => attribute(state, 'remote_node') === undefined);
  const names = new Set([...configured, ...clustered].map(one => nodeName(attribute(one, 'uname') ?? '')));
  return [...names]
    .filter(name =>
      view.members.has(name) ? directing?.joins.get(name)?.phase !== 'confirmed' : !view.quorate,
    )
    .map(name => ({ name, state: states.find(state => attribute(state, 'uname') === name) }))
    .filter(({ name, state }) => !view.members.has(name) || isOnItsWayIn(state));
}

/** As the scheduler has it, who cannot have anything demoted or stopped there and does not have it fenced. */
const isOnItsWayIn = (state: XmlElement | undefined): boolean =>
  state !== undefined && attribute(state, 'crmd') === 'online' && attribute(state, 'join') !== 'member';

function historiesOf(state: XmlElement, id: string): readonly (readonly XmlElement[])[] {
  const lrm = child(state, 'lrm');
  const resources = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  return (resources?.children ?? [])
    .filter(one => withoutInstance(attribute(one, 'id') ?? '') === id)
    .map(one => childrenNamed(one, 'lrm_rsc_op'));
}

/** The last operation that was done once, and what is told of after it. */
function lastWords(entries: readonly XmlElement[]): readonly XmlElement[] {
  const last = entries.find(entry => attribute(entry, 'id')?.endsWith('_last_0') === true);
  const since = last === undefined ? -1 : callOf(last);
  return entries.filter(entry => {
    const isCopy = attribute(entry, 'id')?.endsWith('_last_failure_0') === true;
    return !isCopy && (entry === last || isPending(entry) || callOf(entry) > since);
  });
}

const callOf = (entry: XmlElement): number => Number(attribute(entry, 'call-id') ?? -1);

const maybe = (what: 'active' | 'promoted', entries: readonly XmlElement[]): boolean =>
  entries.some(entry => {
    const operation = attribute(entry, 'operation');
    const status = attribute(entry, 'rc-code');
    if (what === 'promoted') {
      return operation === 'promote' || (operation === 'demote' && status !== '0') || status === '8';
    }
    if (operation === 'monitor') return status === '0' || status === '8';
    return operation !== 'stop' || isPending(entry) || status !== '0';
  });
