import { addScores, MINUS_INFINITY, type Score } from '../model/score.ts';
import type { Draft, NodeDraft, ResourceDraft } from './draft.ts';
import type { Place } from './picture.ts';

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
  const place = resource.places.get(node.id) ?? node.base;
  setPlace(resource, node, { ...place, score: addScores(place.score, score) });
}

/** Puts one place into the table of a resource, which from now on is its own. */
export function setPlace(resource: ResourceDraft, node: NodeDraft, place: Place): void {
  if (resource.sharesPlaces) {
    resource.places = new Map(resource.places);
    resource.sharesPlaces = false;
  }
  (resource.places as Map<string, Place>).set(node.id, place);
}

/** Every node allows the resource by default, but where discovery is switched off by nature. */
export function allowEverywhere(draft: Draft, resource: ResourceDraft): void {
  if (resource.flags.exclusiveDiscovery) return;
  draft.everywhere ??= placesOn(draft.nodes);
  allowAll(draft, resource, draft.everywhere);
}

/** Where nothing is allowed by default a connection is, and its table names the nodes of bundles that there are. */
export function allowConnection(draft: Draft, resource: ResourceDraft): void {
  for (const node of draft.nodes) setPlace(resource, node, resource.places.get(node.id) ?? node.base);
}

function allowAll(draft: Draft, resource: ResourceDraft, everywhere: ReadonlyMap<string, Place>): void {
  if (resource.flags.exclusiveDiscovery || resource.places === everywhere) return;
  const { children } = resource;
  for (let at = 0; at < children.length; at += 1) allowAll(draft, children[at] as ResourceDraft, everywhere);
  if (resource.places.size === 0) {
    resource.places = everywhere;
    resource.sharesPlaces = true;
    return;
  }
  for (const node of draft.nodes) {
    const place = everywhere.get(node.id);
    if (place !== undefined && !resource.places.has(node.id)) setPlace(resource, node, place);
  }
}

const placesOn = (nodes: readonly NodeDraft[]): ReadonlyMap<string, Place> =>
  new Map(nodes.filter(({ base }) => base.discovery !== 'never').map(({ id, base }) => [id, base]));

/** All that was said of its places is void: it must run nowhere. */
export function banEverywhere(draft: Draft, resource: ResourceDraft): void {
  resource.places = new Map(draft.nodes.map(node => [node.id, { ...node.base, score: MINUS_INFINITY }]));
  resource.sharesPlaces = false;
}
