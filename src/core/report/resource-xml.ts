import type { NodePicture, ReplicaPicture, ResourcePicture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import {
  agentName,
  displayedRole,
  displayedState,
  isActive,
  isDisabled,
  pendingTask,
  printedName,
} from './resource-words.ts';

interface ResourceView {
  /** What is under way. */
  readonly pending: boolean;
  /** Which parts of a resource are shown; all where nothing is said. */
  readonly isShown?: (part: ResourcePicture) => boolean;
}

const partElements = (parts: readonly ResourcePicture[], view: ResourceView): readonly XmlElement[] =>
  parts.filter(view.isShown ?? (() => true)).map(part => resourceElement(part, view));

/** A resource with all below it, as the output schema has it. */
export function resourceElement(
  resource: ResourcePicture,
  view: ResourceView = { pending: true },
): XmlElement {
  switch (resource.kind) {
    case 'primitive':
      return primitiveElement(resource, view);
    case 'group':
      return groupElement(resource, view);
    case 'clone':
      return cloneElement(resource, view);
    case 'bundle':
      return bundleElement(resource, view);
  }
}

/** What was removed and is gone is not shown. */
export const resourceElements = (
  resources: readonly ResourcePicture[],
  view?: ResourceView,
): readonly XmlElement[] =>
  resources.filter(one => !one.flags.removed || isActive(one, 'all')).map(one => resourceElement(one, view));

function primitiveElement(resource: ResourcePicture, { pending }: ResourceView): XmlElement {
  const { flags, activeOn, meta, lock } = resource;
  return element(
    'resource',
    {
      id: printedName(resource),
      resource_agent: agentName(resource),
      role: pending ? displayedState(resource) : displayedRole(resource),
      target_role: meta.get('target-role'),
      active: isActive(resource, 'all'),
      orphaned: flags.removed,
      blocked: flags.blocked,
      managed: flags.managed,
      failed: flags.failed,
      failure_ignored: flags.failureIgnored,
      nodes_running_on: activeOn.length,
      pending: pending ? pendingTask(resource) : undefined,
      locked_to: lock?.node.name,
    },
    activeOn.map(placeElement),
  );
}

const placeElement = ({ name, id, online }: NodePicture): XmlElement =>
  element('node', { name, id, cached: online });

const groupElement = (group: ResourcePicture, view: ResourceView): XmlElement =>
  element(
    'group',
    {
      id: group.id,
      number_resources: group.children.length,
      managed: group.flags.managed,
      disabled: isDisabled(group),
    },
    partElements(group.children, view),
  );

function cloneElement(clone: ResourcePicture, view: ResourceView): XmlElement {
  const { promotable, unique, managed, failed, failureIgnored } = clone.flags;
  return element(
    'clone',
    {
      id: clone.id,
      multi_state: promotable,
      unique,
      managed,
      disabled: isDisabled(clone),
      failed,
      failure_ignored: failureIgnored,
      target_role: (clone.meta.get('target-role') === undefined ? clone.children[0] : clone)?.meta.get(
        'target-role',
      ),
    },
    partElements(clone.children, view),
  );
}

const ENGINES = ['docker', 'podman', 'rkt'];

function bundleElement(bundle: ResourcePicture, view: ResourceView): XmlElement {
  const { unique, managed, failed } = bundle.flags;
  return element(
    'bundle',
    {
      id: bundle.id,
      type: bundle.xml.children.find(({ name }) => ENGINES.includes(name))?.name,
      image: bundle.bundle?.image,
      unique,
      managed,
      failed,
    },
    (bundle.bundle?.replicas ?? []).flatMap(one => replicaElement(one, view)),
  );
}

function replicaElement(
  { offset, ip, child, container, remote }: ReplicaPicture,
  view: ResourceView,
): readonly XmlElement[] {
  const parts = [ip, child, container, remote].filter(part => part !== undefined);
  const shown = partElements(parts, view);
  return shown.length === 0 ? [] : [element('replica', { id: offset }, shown)];
}
