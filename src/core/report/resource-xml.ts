import type { NodePicture, ReplicaPicture, ResourcePicture } from '../status/picture.ts';
import { element, type XmlElement } from '../xml/element.ts';
import {
  agentName,
  displayedState,
  isActive,
  isDisabled,
  pendingTask,
  printedName,
} from './resource-words.ts';

/** A resource with all below it, as the output schema has it. */
export function resourceElement(resource: ResourcePicture): XmlElement {
  switch (resource.kind) {
    case 'primitive':
      return primitiveElement(resource);
    case 'group':
      return groupElement(resource);
    case 'clone':
      return cloneElement(resource);
    case 'bundle':
      return bundleElement(resource);
  }
}

function primitiveElement(resource: ResourcePicture): XmlElement {
  const { flags, activeOn, meta, lock } = resource;
  return element(
    'resource',
    {
      id: printedName(resource),
      resource_agent: agentName(resource),
      role: displayedState(resource),
      target_role: meta.get('target-role'),
      active: isActive(resource, 'all'),
      orphaned: flags.removed,
      blocked: flags.blocked,
      managed: flags.managed,
      failed: flags.failed,
      failure_ignored: flags.failureIgnored,
      nodes_running_on: activeOn.length,
      pending: pendingTask(resource),
      locked_to: lock?.node.name,
    },
    activeOn.map(placeElement),
  );
}

const placeElement = ({ name, id, online }: NodePicture): XmlElement =>
  element('node', { name, id, cached: online });

const groupElement = (group: ResourcePicture): XmlElement =>
  element(
    'group',
    {
      id: group.id,
      number_resources: group.children.length,
      managed: group.flags.managed,
      disabled: isDisabled(group),
    },
    group.children.map(resourceElement),
  );

function cloneElement(clone: ResourcePicture): XmlElement {
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
      target_role: clone.meta.get('target-role'),
    },
    clone.children.map(resourceElement),
  );
}

const ENGINES = ['docker', 'podman', 'rkt'];

function bundleElement(bundle: ResourcePicture): XmlElement {
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
    (bundle.bundle?.replicas ?? []).map(replicaElement),
  );
}

const replicaElement = ({ offset, ip, child, container, remote }: ReplicaPicture): XmlElement =>
  element(
    'replica',
    { id: offset },
    [ip, child, container, remote].filter(part => part !== undefined).map(resourceElement),
  );
