import { attribute, child, type XmlElement } from '../xml/element.ts';

/** Where a document stands in its own history; a later one is greater, compared from the first to the last. */
export interface CibVersion {
  readonly adminEpoch: number;
  readonly epoch: number;
  readonly numUpdates: number;
}

const count = (cib: XmlElement, name: string): number => {
  const value = Number(attribute(cib, name) ?? 0);
  return Number.isInteger(value) && value >= 0 ? value : 0;
};

export const versionOf = (cib: XmlElement): CibVersion => ({
  adminEpoch: count(cib, 'admin_epoch'),
  epoch: count(cib, 'epoch'),
  numUpdates: count(cib, 'num_updates'),
});

export const compareVersions = (left: CibVersion, right: CibVersion): number =>
  left.adminEpoch - right.adminEpoch || left.epoch - right.epoch || left.numUpdates - right.numUpdates;

/** A section of `configuration` (resources, constraints, nodes, crm_config …), or `configuration` or `status` itself. */
export function sectionOf(cib: XmlElement, name: string): XmlElement | undefined {
  if (name === 'configuration' || name === 'status') return child(cib, name);
  const configuration = child(cib, 'configuration');
  return configuration === undefined ? undefined : child(configuration, name);
}
