import { addScores, MINUS_INFINITY, type Score } from '../model/score.ts';
import type { Draft, NodeDraft, ResourceDraft } from './draft.ts';

/** Adds a score on a node, or on all nodes, for a resource and all that is in it. */
export function addPlace(
  draft: Draft,
  resource: ResourceDraft,
  node: NodeDraft | undefined,
  score: Score,
): void {
  for (const one of node === undefined ? draft.nodes : [node]) addOnNode(resource, one, score);
}

function addOnNode(resource: ResourceDraft, node: NodeDraft, score: Score): void {
  for (const child of resource.children) addOnNode(child, node, score);
  const place = resource.places.get(node.id);
  if (place === undefined)
    resource.places.set(node.id, { ...node.base, score: addScores(node.base.score, score) });
  else place.score = addScores(place.score, score);
}

/** Every node allows the resource by default, but where discovery is switched off by nature. */
export function allowEverywhere(draft: Draft, resource: ResourceDraft): void {
  if (resource.flags.exclusiveDiscovery) return;
  for (const node of draft.nodes) {
    if (node.base.discovery !== 'never') allowOnNode(resource, node);
  }
}

function allowOnNode(resource: ResourceDraft, node: NodeDraft): void {
  if (resource.flags.exclusiveDiscovery) return;
  for (const child of resource.children) allowOnNode(child, node);
  const place = resource.places.get(node.id);
  if (place === undefined) resource.places.set(node.id, { ...node.base });
}

/** All that was said of its places is void: it must run nowhere. */
export function banEverywhere(draft: Draft, resource: ResourceDraft): void {
  resource.places = new Map(draft.nodes.map(node => [node.id, { ...node.base, score: MINUS_INFINITY }]));
}
