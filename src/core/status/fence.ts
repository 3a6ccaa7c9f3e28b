import type { Draft, NodeDraft, ResourceDraft } from './draft.ts';
import { isGuest } from './draft.ts';

/** A node must be fenced (of a guest: what carries it must be recovered) before anything of its may run elsewhere. */
export function fenceNode(
  draft: Draft,
  node: NodeDraft,
  reason: string,
  { delay = false }: { readonly delay?: boolean } = {},
): void {
  if (isGuest(node)) {
    const launcher = node.connection?.launcher;
    if (launcher === undefined || launcher.flags.failed || !launcher.flags.managed) return;
    node.remoteReset = true;
    markFailed(launcher);
    return;
  }
  if (node.kind !== 'cluster' && node.connection?.flags.removedLaunched === true) {
    markFailed(node.connection);
    return;
  }
  if (node.kind !== 'cluster') {
    if (node.connection?.flags.managed !== false) node.remoteReset = true;
  } else if (node.unclean) {
    return;
  }
  node.unclean = true;
  draft.findings.push({ kind: 'fence', node, reason, delay: delay && node.kind === 'cluster' });
}

export function markFailed(resource: ResourceDraft): void {
  resource.flags.failed = true;
  resource.flags.stopIfFailed = true;
}

/**
 * Whether the cluster could fence the node: by a device, or by recovering what carries it, unless that is on the very
 * node that it carries (`among` are nodes asked for already), as a history may say.
 */
export function canFence(draft: Draft, node: NodeDraft, among: readonly NodeDraft[] = []): boolean {
  if (isGuest(node)) {
    const hosts = node.connection?.launcher?.activeOn ?? [];
    const asked = [...among, node];
    return hosts.every(host => host.online || (!asked.includes(host) && canFence(draft, host, asked)));
  }
  const { fencingEnabled, haveFencing, noQuorumPolicy, fenceRemoteWithoutQuorum } = draft.options;
  if (!fencingEnabled || !haveFencing) return false;
  if (draft.quorate || noQuorumPolicy === 'ignore') return true;
  if (!node.online) return false;
  if (node.kind === 'cluster' || fenceRemoteWithoutQuorum) return true;
  return [...(node.connection?.places.keys() ?? [])].every(id => draft.nodeById.get(id)?.online !== false);
}

/** The history calls for a stop. On a node that is away it can not be had but by fencing, however well the node left. */
export function findStop(draft: Draft, resource: ResourceDraft, node: NodeDraft): void {
  draft.stopsFound.add(resource);
  draft.findings.push({ kind: 'stop', resource, node });
  const isAway = !node.online && (!isGuest(node) || node.remoteReset);
  if (isAway && resource.flags.managed && !node.unclean) fenceNode(draft, node, 'stop is unrunnable');
}
