import type { Node, Resource } from '../model.ts';
import { isGuestNode } from '../tree.ts';
import type { Edit } from './edit.ts';
import { failedOperations } from './failure-reasons.ts';
import { type Inquiry, type Reason, stepInto } from './reason.ts';
import { whyNotRunning } from './stopped.ts';

/** Why a node is fenced (of a guest: what carries it recovered). */
export function whyFenced(inquiry: Inquiry, node: Node, reason: string | undefined): readonly Reason[] {
  if (isGuestNode(node)) return [ofGuest(inquiry, node)];
  const because = failuresFor(node, reason);
  const undo: Edit[] = [
    ...because.flatMap(one => one.undo ?? []),
    ...ticketsLost(node, reason),
    ...(node.facts.kind === 'cluster' ? [{ kind: 'node-online', node: node.name } as const] : []),
    { kind: 'set-option', name: 'fencing-enabled', value: 'false' },
  ];
  const text = `${node.name} is unclean: ${reason ?? 'what runs there is not known'}`;
  return [{ kind: 'fencing', text, node: node.name, undo, because }];
}

/** Failures for which a node is fenced: of what the reason of the fencing names. */
export const failuresFor = (node: Node, reason: string | undefined): readonly Reason[] =>
  node.cluster.resources
    .flatMap(resource => failedOperations(resource, node))
    .filter(one => reason === undefined || reason.split(' ').includes(one.resource ?? ''));

const ticketsLost = (node: Node, reason: string | undefined): readonly Edit[] =>
  reason !== 'deadman ticket was lost'
    ? []
    : everything(node.cluster.resources).flatMap(one =>
        one.tickets
          .filter(({ granted }) => !granted)
          .map(({ ticket }) => ({ kind: 'grant-ticket', ticket }) as const),
      );

const everything = (resources: readonly Resource[]): readonly Resource[] =>
  resources.flatMap(one => [one, ...everything(one.children)]);

function ofGuest(inquiry: Inquiry, node: Node): Reason {
  const launcher = node.connection?.launcher;
  const text = `${node.name} runs in ${launcher?.id ?? 'a container'}, which failed or whose node did`;
  const about = { kind: 'fencing', text, node: node.name } as const;
  const further = launcher === undefined ? undefined : stepInto(inquiry, launcher);
  if (launcher === undefined || further === undefined) return about;
  const hosts = launcher.active.filter(host => host.unclean);
  const failed = launcher.active.flatMap(host => failedOperations(launcher, host));
  const lost = hosts.flatMap(host => whyFenced(further, host, undefined));
  const because = [...failed, ...lost];
  return { ...about, because: because.length > 0 ? because : whyNotRunning(further, launcher) };
}

export function whyUnfenced(node: Node, reason: string | undefined): readonly Reason[] {
  const text = `${node.name} must be unfenced: ${reason ?? 'its devices are not those of the last time'}`;
  return [
    {
      kind: 'unfencing',
      text,
      node: node.name,
      undo: [{ kind: 'set-option', name: 'fencing-enabled', value: 'false' }],
    },
  ];
}
