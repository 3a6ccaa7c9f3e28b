import type { NodePicture, Picture } from '../status/picture.ts';
import { briefLines } from './brief.ts';
import { displayName, isRemarkable, nodeNoun, nodeState } from './node-words.ts';
import { featureSetOf } from './node-xml.ts';
import { nameList, type Outline, section } from './outline.ts';
import { resourceLine } from './resource-line.ts';
import { isImplied } from './resource-words.ts';
import { isShown, shownNodes, type View } from './view.ts';

/** The nodes under their heading; nothing where there are none. */
export function nodeSection(picture: Picture, view: View): readonly Outline[] {
  const outline = nodeOutline(picture, view);
  return outline.length === 0 ? [] : [section('Node List', outline)];
}

/** Nodes: those with something to say of them in a line each, the others by whether they are online. */
function nodeOutline(picture: Picture, view: View): readonly Outline[] {
  const nodes = shownNodes(picture, view);
  if (view.byNode) {
    // Counts of nothing are not worth a line.
    const counted = view.brief ? nodes.filter(({ running }) => running.length > 0) : nodes;
    return counted.map(node => section(nodeLine(picture, node, view), runningOutline(picture, node, view)));
  }
  const apart = (node: NodePicture) => view.detail || isRemarkable(node, picture);
  const plain = nodes.filter(node => !apart(node));
  const named = (kind: NodePicture['kind'], online: boolean) =>
    plain.filter(node => node.kind === kind && node.online === online).map(({ name }) => name);
  return [
    ...nodes.filter(apart).map(node => nodeLine(picture, node, view)),
    ...nameList('Online', named('cluster', true)),
    ...nameList('OFFLINE', named('cluster', false)),
    ...nameList('RemoteOnline', named('remote', true)),
    ...nameList('RemoteOFFLINE', named('remote', false)),
    ...nameList('GuestOnline', named('guest', true)),
  ];
}

function nodeLine(picture: Picture, node: NodePicture, { detail }: View): string {
  const name = displayName(node, { detail });
  const featureSet = detail ? featureSetOf(node) : undefined;
  const suffix = featureSet === undefined ? '' : `, feature set ${featureSet}`;
  return `${nodeNoun(node)} ${name}: ${nodeState(node, picture)}${suffix}`;
}

function runningOutline(picture: Picture, node: NodePicture, view: View): readonly Outline[] {
  const running = node.running.filter(
    resource => isShown(picture, resource, view) && (view.detail || view.brief || !isImplied(resource)),
  );
  const lines = view.brief
    ? briefLines(running, view)
    : running.map(resource =>
        resourceLine(picture, resource, {
          pending: view.pending,
          withoutNode: true,
          withDescription: view.description,
        }),
      );
  return [section('Resources', lines)];
}
