import { compareRoles } from '../model/role.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { attribute } from '../xml/element.ts';
import { failedProbe } from './failed-probes.ts';
import {
  agentName,
  currentNode,
  displayedRole,
  displayedState,
  pendingTask,
  printedName,
  targetRole,
  topOf,
} from './resource-words.ts';

export interface LineOptions {
  /** What stands in the place of its name. */
  readonly name?: string;
  /** Without the node, where that is plain from elsewhere. */
  readonly withoutNode?: boolean;
  /** Where it stands for a bundle's replica: the node of the container. */
  readonly node?: NodePicture | undefined;
  readonly withDescription?: boolean;
  /** What is under way, too; otherwise the role alone. */
  readonly pending: boolean;
}

/** A primitive in one line: name, agent, state, node, and what else is to be known in parentheses. */
export function resourceLine(picture: Picture, resource: ResourcePicture, options: LineOptions): string {
  const { name = printedName(resource) } = options;
  const places = resource.activeOn;
  const several = places.length > 1;
  const node = several || options.withoutNode ? undefined : nodeOf(resource, options);
  const parts = [
    `${name}\t(${agentName(resource)}):\t`,
    resource.flags.removed ? ' ORPHANED' : '',
    ` ${stateWords(resource, options)}`,
    node === undefined ? '' : ` ${node.name}`,
    probeWords(picture, resource, node),
    flagWords(resource, node, options),
    descriptionWords(resource, options),
    several ? ` [ ${places.map(place => place.name).join(' ')} ]` : '',
  ];
  return parts.join('');
}

function nodeOf(resource: ResourcePicture, options: LineOptions): NodePicture | undefined {
  if ('node' in options) return options.node;
  return currentNode(resource) ?? resource.pendingNode ?? resource.lock?.node;
}

function stateWords(resource: ResourcePicture, { pending }: LineOptions): string {
  const role = displayedRole(resource);
  if (!resource.flags.failed) return pending ? displayedState(resource) : role;
  return compareRoles(role, 'Unpromoted') > 0 ? `FAILED ${role}` : 'FAILED';
}

function probeWords(picture: Picture, resource: ResourcePicture, node: NodePicture | undefined): string {
  if (displayedRole(resource) !== 'Stopped') return '';
  const reason = failedProbe(picture, resource, node?.name);
  return reason === undefined ? '' : ` (${reason}) `;
}

function flagWords(
  resource: ResourcePicture,
  node: NodePicture | undefined,
  { pending }: LineOptions,
): string {
  const { blocked, maintenance, managed, failureIgnored } = resource.flags;
  const words: string[] = [];
  if (node !== undefined && !node.online && node.unclean) words.push('UNCLEAN');
  if (node !== undefined && node === resource.lock?.node) words.push('LOCKED');
  const task = pending ? pendingTask(resource) : undefined;
  if (task !== undefined) words.push(task);
  const role = targetRole(resource);
  if (role === 'Stopped') words.push('disabled');
  else if (role === 'Unpromoted' && topOf(resource).flags.promotable) words.push(`target-role:${role}`);
  if (blocked) words.push('blocked');
  else if (maintenance) words.push('maintenance');
  else if (!managed) words.push('unmanaged');
  if (failureIgnored) words.push('failure ignored');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function descriptionWords(resource: ResourcePicture, { withDescription }: LineOptions): string {
  const description = withDescription ? attribute(resource.xml, 'description') : undefined;
  return description === undefined ? '' : ` (${description})`;
}
