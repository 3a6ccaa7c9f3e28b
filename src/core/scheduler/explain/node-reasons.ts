import type { Node, Resource } from '../model.ts';
import { isGuestNode } from '../tree.ts';
import type { Edit } from './edit.ts';
import { failuresFor } from './fenced.ts';
import { type Inquiry, type Reason, type ReasonKind, stepOnce } from './reason.ts';
import { whyNotRunning } from './stopped.ts';

/** Why nothing at all may run on a node, as far as that is so. */
export function whyNodeUnavailable(inquiry: Inquiry, node: Node): readonly Reason[] {
  if (node.facts.kind !== 'cluster') return ofRemote(inquiry, node);
  const reasons: Reason[] = [];
  const say = (kind: ReasonKind, text: string, ...undo: readonly Edit[]): void => {
    reasons.push({ kind, text: `${node.name} ${text}`, node: node.name, undo });
  };
  const online: Edit = { kind: 'node-online', node: node.name };
  if (node.unclean) reasons.push(unclean(inquiry, node));
  else if (node.pending) say('node-pending', 'has not finished joining the cluster', online);
  else if (!node.online) say('node-offline', 'is not online', online);
  if (node.online && node.shutdown)
    say('node-shutdown', 'is about to shut down', { kind: 'end-shutdown', node: node.name });
  if (node.standby && !node.pending) reasons.push(standby(node));
  if (node.maintenance)
    say('node-maintenance', 'is in maintenance', { kind: 'end-maintenance', node: node.name });
  return reasons;
}

/** What was found wrong with a node, in the words of its fencing. */
function unclean({ cluster }: Inquiry, node: Node): Reason {
  const reason = cluster.actions.find(one => one.task === 'stonith' && one.node === node)?.reason;
  const because = reason === undefined ? [] : failuresFor(node, reason);
  return {
    kind: 'node-unclean',
    text: `${node.name} is unclean${reason === undefined ? '' : ` (${reason})`}`,
    node: node.name,
    undo: [...because.flatMap(one => one.undo ?? []), { kind: 'node-online', node: node.name }],
    because,
  };
}

function standby(node: Node): Reason {
  const about = { kind: 'node-standby', node: node.name } as const;
  if (!node.facts.failStandby) {
    return { ...about, text: `${node.name} is in standby`, undo: [{ kind: 'end-standby', node: node.name }] };
  }
  const failed = node.cluster.picture.failures.filter(one => one.node === node.facts);
  return {
    ...about,
    text: `${node.name} is in standby because of a failure there`,
    undo: failed.map(({ resource }) => ({ kind: 'clear-failures', resource, node: node.name })),
  };
}

/** A remote or guest node is there if its connection is, and what carries that. */
function ofRemote(inquiry: Inquiry, node: Node): readonly Reason[] {
  const reasons: Reason[] = [];
  if (node.standby) reasons.push(standby(node));
  if (node.maintenance) {
    const undo: Edit[] = [{ kind: 'end-maintenance', node: node.name }];
    reasons.push({ kind: 'node-maintenance', text: `${node.name} is in maintenance`, node: node.name, undo });
  }
  if (node.online && !node.unclean && !node.shutdown) return reasons;
  const carrier = isGuestNode(node) ? node.connection?.launcher : node.connection;
  reasons.push(withoutCarrier(inquiry, node, carrier ?? node.connection));
  return reasons;
}

function withoutCarrier(inquiry: Inquiry, node: Node, carrier: Resource | undefined): Reason {
  const about = { kind: 'remote-connection', node: node.name } as const;
  if (carrier === undefined) return { ...about, text: `no connection to ${node.name} is configured` };
  const further = stepOnce(inquiry, carrier);
  const because = further === undefined ? [] : whyNotRunning(further, carrier);
  const text = `${node.name} is only there while ${carrier.id} runs`;
  return { ...about, text, resource: carrier.id, because };
}
