import { withoutInstance } from '../model/names.ts';
import { addInstance, memberNamed } from './clones.ts';
import { type Draft, isGuest, type NodeDraft, type ResourceDraft } from './draft.ts';

interface Sought {
  readonly clone: ResourceDraft;
  readonly node: NodeDraft;
  readonly id: string;
}

/**
 * Which instance of an anonymous clone a node's history is about: the one that is there already, else an inactive
 * one, else a new one beyond those that there should be.
 */
export function findInstance(draft: Draft, sought: Sought): ResourceDraft | undefined {
  const { clone, node, id } = sought;
  if (clone.parent?.kind === 'bundle') {
    return clone.parent.bundle?.replicas.find(replica => replica.node === node)?.child;
  }
  const name = withoutInstance(id);
  const found = lookAmongInstances(sought, name);
  const mayBeElsewhere =
    found !== undefined &&
    !found.flags.needsFencing &&
    (!node.online || node.unclean) &&
    !isGuest(node) &&
    !runsEverywhere(draft, clone);
  if (found !== undefined && !mayBeElsewhere) return found;
  const extra = addInstance(draft, clone);
  return extra === undefined ? undefined : memberNamed(extra, name);
}

function lookAmongInstances({ clone, node }: Sought, name: string): ResourceDraft | undefined {
  let inactive: ResourceDraft | undefined;
  let skipInactive = false;
  for (let at = 0; at < clone.children.length; at += 1) {
    const instance = clone.children[at] as ResourceDraft;
    const first = firstLocation(instance);
    if (first === node) {
      const member = memberNamed(instance, name);
      if (member !== undefined && member.activeOn.length === 0) return member;
      if (member !== undefined) skipInactive = true;
    } else if (first === undefined && !skipInactive && inactive === undefined && !instance.flags.blocked) {
      const member = memberNamed(instance, name);
      const isPendingElsewhere = member?.pendingNode !== undefined && member.pendingNode !== node;
      inactive = isPendingElsewhere ? undefined : member;
    }
  }
  return skipInactive ? undefined : inactive;
}

/** Where an instance is active, or an operation of it is under way. */
function firstLocation(instance: ResourceDraft): NodeDraft | undefined {
  const { children } = instance;
  if (children.length === 0) return instance.activeOn[0] ?? instance.pendingNode;
  for (let at = 0; at < children.length; at += 1) {
    const found = firstLocation(children[at] as ResourceDraft);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An instance on every node: no matter which is which. */
const runsEverywhere = (draft: Draft, clone: ResourceDraft): boolean =>
  clone.clone?.max === draft.nodes.length;
