/** What a change of the CIB tells the DC: compared by reference, so that only what changed is looked at. */
import { sectionOf } from '../../../cib/document.ts';
import { attribute, child, type XmlElement } from '../../../xml/element.ts';

export type Evidence =
  | { readonly kind: 'configuration' }
  | { readonly kind: 'attributes'; readonly node: string }
  /** An operation was recorded, or recorded otherwise than before. */
  | { readonly kind: 'result'; readonly node: string; readonly entry: XmlElement }
  | { readonly kind: 'history-gone'; readonly node: string; readonly resource: string };

/** `node` is the name of the node that a `node_state` belongs to. */
export function evidenceOf(before: XmlElement | undefined, after: XmlElement): readonly Evidence[] {
  const found: Evidence[] = [];
  const configuration = sectionOf(after, 'configuration');
  if (before === undefined || sectionOf(before, 'configuration') !== configuration) {
    found.push({ kind: 'configuration' });
  }
  const old = before === undefined ? undefined : sectionOf(before, 'status');
  const status = sectionOf(after, 'status');
  if (status === old || status === undefined) return found;
  for (const [was, is] of paired(old, status, 'node_state')) {
    const of = is ?? was;
    const node = of === undefined ? undefined : attribute(of, 'uname');
    if (node !== undefined) addNode(found, node, was, is);
  }
  return found;
}

type Pair = readonly [was: XmlElement | undefined, is: XmlElement | undefined];

/** Children of that name that differ, by id. */
function* paired(
  before: XmlElement | undefined,
  after: XmlElement | undefined,
  name: string,
): Generator<Pair> {
  if (before === after) return;
  const old = new Map(idsOf(before, name));
  for (const [id, is] of idsOf(after, name)) {
    const was = old.get(id);
    old.delete(id);
    if (was !== is) yield [was, is];
  }
  for (const was of old.values()) yield [was, undefined];
}

function* idsOf(of: XmlElement | undefined, name: string): Generator<readonly [string, XmlElement]> {
  for (const one of of?.children ?? []) {
    if (one.name === name) yield [attribute(one, 'id') ?? '', one];
  }
}

const part = (of: XmlElement | undefined, name: string): XmlElement | undefined =>
  of === undefined ? undefined : child(of, name);

function addNode(
  found: Evidence[],
  node: string,
  was: XmlElement | undefined,
  is: XmlElement | undefined,
): void {
  if (part(was, 'transient_attributes') !== part(is, 'transient_attributes')) {
    found.push({ kind: 'attributes', node });
  }
  const resources = (state: XmlElement | undefined) => part(part(state, 'lrm'), 'lrm_resources');
  for (const [old, now] of paired(resources(was), resources(is), 'lrm_resource')) {
    if (now === undefined) {
      const resource = old === undefined ? '' : (attribute(old, 'id') ?? '');
      found.push({ kind: 'history-gone', node, resource });
      continue;
    }
    addResults(found, node, old, now);
  }
}

/** A failure and its twin under another id are one result. */
function addResults(found: Evidence[], node: string, old: XmlElement | undefined, now: XmlElement): void {
  const told = new Set<string>();
  for (const [was, entry] of paired(old, now, 'lrm_rsc_op')) {
    if (entry === undefined || (was !== undefined && identity(was) === identity(entry))) continue;
    if (told.has(identity(entry))) continue;
    told.add(identity(entry));
    found.push({ kind: 'result', node, entry });
  }
}

/** Equal for the same outcome of the same run, whoever tells of it and under whichever id. */
export const identity = (entry: XmlElement): string =>
  ['transition-magic', 'call-id', 'last-rc-change'].map(name => attribute(entry, name)).join(' ');
