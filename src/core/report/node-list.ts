import type { NodePicture, Picture } from '../status/picture.ts';
import { isRemarkable, nodeNoun, nodeState } from './node-words.ts';
import { nameList } from './outline.ts';

/** Nodes in words: those with something to say of them in a line each, the others by whether they are online. */
export function nodeLines(picture: Picture, nodes: readonly NodePicture[]): readonly string[] {
  const lines: string[] = [];
  const plain: NodePicture[] = [];
  for (const node of nodes) {
    if (isRemarkable(node, picture))
      lines.push(`${nodeNoun(node)} ${node.name}: ${nodeState(node, picture)}`);
    else plain.push(node);
  }
  const named = (kind: NodePicture['kind'], online: boolean) =>
    plain.filter(node => node.kind === kind && node.online === online).map(({ name }) => name);
  return [
    ...lines,
    ...nameList('Online', named('cluster', true)),
    ...nameList('OFFLINE', named('cluster', false)),
    ...nameList('RemoteOnline', named('remote', true)),
    ...nameList('RemoteOFFLINE', named('remote', false)),
    ...nameList('GuestOnline', named('guest', true)),
  ];
}
