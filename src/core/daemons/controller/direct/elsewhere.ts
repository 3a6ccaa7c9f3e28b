/**
 * Whether a resource that is about to be started or promoted may still be so on a node that was lost. With quorum the
 * graph has such a node fenced first, and what fencing proves is not in history any more. Without quorum nobody
 * fences: a resource that is recovered where it is (`no-quorum-policy=freeze`) may have gone, or be on its way, to a
 * node that is lost, or its stop there may not have ended; and of a node that nobody has seen nothing is known.
 */
import { sectionOf } from '../../../cib/document.ts';
import { type NodeName, nodeName, withoutInstance } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { actionAttribute } from '../../../transition/walk.ts';
import { attribute, child, childrenNamed, element, type XmlElement } from '../../../xml/element.ts';
import { isPending } from '../local/history.ts';
import type { ControllerState } from '../state.ts';

export function mayBeOnLostNode({ view, options, cib }: ControllerState, action: GraphAction): boolean {
  if (view.quorate || !options.fencingEnabled || cib === undefined) return false;
  const isClone = actionAttribute(action, 'CRM_meta_clone') !== undefined;
  const wanted = action.operation === 'promote' ? 'promoted' : 'active';
  // Copies have nodes of their own; only one of them is promoted.
  if (!['start', 'promote'].includes(action.operation) || (isClone && wanted === 'active')) return false;
  const id = withoutInstance(action.resource?.id ?? '');
  const states = childrenNamed(sectionOf(cib, 'status') ?? cib, 'node_state');
  return lostNodes(cib, states, view.members).some(state => {
    if (state === undefined || attribute(state, 'expected') === undefined) return options.startupFencing;
    if (attribute(state, 'expected') !== 'member') return false;
    return historiesOf(state, id).some(entries => maybe(wanted, lastWords(entries)));
  });
}

/** Of each node that is lost, what is known of it; `undefined`: nobody has seen it. */
function lostNodes(
  cib: XmlElement,
  states: readonly XmlElement[],
  members: ReadonlyMap<NodeName, unknown>,
): readonly (XmlElement | undefined)[] {
  const configured = childrenNamed(sectionOf(cib, 'nodes') ?? element('nodes'), 'node').filter(
    one => !['remote', 'ping'].includes(attribute(one, 'type') ?? ''),
  );
  const clustered = states.filter(state => attribute(state, 'remote_node') === undefined);
  const names = new Set([...configured, ...clustered].map(one => attribute(one, 'uname') ?? ''));
  return [...names]
    .filter(name => !members.has(nodeName(name)))
    .map(name => states.find(state => attribute(state, 'uname') === name));
}

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
