import type { Cluster } from '../model.ts';

export function orderRemoteActions(cluster: Cluster): void {
  if (!cluster.hasRemoteNodes) return;
}
