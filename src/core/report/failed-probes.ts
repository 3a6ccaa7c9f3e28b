import { OCF } from '../model/exit-status.ts';
import { withoutInstance } from '../model/names.ts';
import type { Picture, ResourcePicture } from '../status/picture.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { printedName } from './resource-words.ts';

const REASONS: Readonly<Record<number, string>> = {
  [OCF.invalidParameter]: 'Invalid parameter',
  [OCF.notInstalled]: 'Not installed',
};

const NOT_INSTALLED_STATUS = '7';

/**
 * Why a resource could not even be looked for on a node (on any node): `Not installed`, `Invalid parameter`.
 * Such a probe counts as having found it stopped.
 */
export function failedProbe(picture: Picture, resource: ResourcePicture, node?: string): string | undefined {
  for (const failure of picture.failures) {
    if (node !== undefined && failure.node.name !== node) continue;
    if (!isOf(failure.resource, resource)) continue;
    const reason = maskedReason(failure.entry);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function isOf(id: string, resource: ResourcePicture): boolean {
  if (id === resource.id) return true;
  if (resource.kind === 'clone') return resource.children.some(instance => isOf(id, instance));
  return !resource.flags.unique && withoutInstance(id) === printedName(resource);
}

/** The reason where an entry says nothing more than that a resource could not be looked for. */
export function maskedReason(entry: XmlElement): string | undefined {
  if (attribute(entry, 'operation') !== 'monitor' || attribute(entry, 'interval') !== '0') return undefined;
  if (attribute(entry, 'op-status') === NOT_INSTALLED_STATUS) return REASONS[OCF.notInstalled];
  return REASONS[Number(attribute(entry, 'rc-code'))];
}
