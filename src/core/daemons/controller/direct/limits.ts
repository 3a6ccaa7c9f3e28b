/**
 * What of a transition there is room for now, beyond what its graph says. What holds:
 *
 * 1. While the cluster is not as it was decided for, nothing new begins; who does not take part is not asked.
 * 2. Where a graph says too little about probes, they are waited for: before a node leaves, for what they find has
 *    to be stopped first; before a copy is promoted, for they may find another one promoted. Nor does a node leave
 *    to which a resource is on its way: what arrives has to be stopped, too.
 * 3. Nothing begins that a node may still have which nobody can ask and nobody fences: one that is on its way in, and
 *    without quorum one that was lost. Without quorum nothing begins, either, on a node that came after quorum was
 *    lost, for whoever has the quorum may take that node for down and not fence it.
 */

import { sectionOf } from '../../../cib/document.ts';
import { type NodeName, nodeName, withoutInstance } from '../../../model/names.ts';
import type { GraphAction } from '../../../transition/graph.ts';
import { actionAttribute, type Limits, phaseOf, type Walk } from '../../../transition/walk.ts';
import { departuresTo } from '../local/migrations.ts';
import type { ControllerState } from '../state.ts';
import type { Turn } from '../turn.ts';
import { mayBeElsewhere } from './elsewhere.ts';

export function limitsFor(turn: Turn, walk: Walk, ready: boolean): Limits {
  const { view, options, directing } = turn.state;
  const joined = (name: NodeName) =>
    view.peers.has(name) && directing?.joins.get(name)?.phase === 'confirmed';
  const migrations = Number(walk.graph.settings['migration-limit'] ?? -1);
  return {
    batch: Number(walk.graph.settings['batch-limit'] ?? 0),
    hasRoom: (action, running) => {
      if (!ready) return false;
      const node = nodeOf(action);
      if (action.operation === 'do_shutdown') return !isBusy(walk, node) && !isAwaiting(turn.state, node);
      if (action.kind !== 'rsc_op') return true;
      if (node === undefined || !joined(node)) return false;
      if (action.operation === 'promote' && isLookedFor(walk, action)) return false;
      if (mayBeElsewhere(turn.state, action) || isOutOfSight(turn.state, action)) return false;
      const limited = migrations >= 0 && isMigration(action);
      if (options.nodeActionLimit === 0 && !limited) return true;
      const beside = running.filter(one => one.kind === 'rsc_op' && nodeOf(one) === node);
      if (options.nodeActionLimit > 0 && beside.length >= options.nodeActionLimit) return false;
      return !limited || beside.filter(isMigration).length < migrations;
    },
  };
}

function isOutOfSight({ view, options, knownToQuorum }: ControllerState, action: GraphAction): boolean {
  if (view.quorate || options.ignoresQuorum || !options.fencingEnabled) return false;
  if (action.resource?.class === 'stonith') return false;
  const target = actionAttribute(action, 'CRM_meta_migrate_target');
  const node = action.operation === 'migrate_to' && target !== undefined ? nodeName(target) : nodeOf(action);
  const begins = ['start', 'promote', 'migrate_to'].includes(action.operation);
  return begins && node !== undefined && !knownToQuorum.has(node);
}

/**
 * A graph does not order a node's leave after the probes there. They are waited for: what they find has to be
 * stopped first.
 */
const isBusy = (walk: Walk, node: NodeName | undefined): boolean =>
  walk.plan.actions.some(
    action => action.kind === 'rsc_op' && nodeOf(action) === node && isOpen(walk, action),
  );

/** What is on its way to a node arrives there whether its `pacemakerd` has left or not. */
const isAwaiting = ({ cib }: ControllerState, node: NodeName | undefined): boolean =>
  cib !== undefined &&
  node !== undefined &&
  [...departuresTo(node, sectionOf(cib, 'status')).values()].some(({ ended }) => !ended);

/**
 * A graph orders what is started after the probes, but not what is promoted: and yet a copy that history does not
 * know of may be promoted already, such as one whose demotion was under way when its DC died. Probes by way of
 * another node are left out, for they may have to wait for what depends on the promotion.
 */
function isLookedFor(walk: Walk, { resource: promoted }: GraphAction): boolean {
  const id = withoutInstance(promoted?.id ?? '');
  return walk.plan.actions.some(
    action =>
      isProbe(action) &&
      action.routerNode === undefined &&
      withoutInstance(action.resource?.id ?? '') === id &&
      isOpen(walk, action),
  );
}

const isProbe = (action: GraphAction): boolean =>
  action.operation === 'monitor' && Number(actionAttribute(action, 'CRM_meta_interval') ?? 0) === 0;

const isOpen = (walk: Walk, { id }: GraphAction): boolean =>
  ['waiting', 'running'].includes(phaseOf(walk, id));

const isMigration = ({ operation }: GraphAction): boolean =>
  operation === 'migrate_to' || operation === 'migrate_from';

const nodeOf = ({ node, routerNode }: GraphAction): NodeName | undefined => {
  const name = routerNode ?? node?.name;
  return name === undefined ? undefined : nodeName(name);
};
