import { attribute, withAttributes, type XmlElement } from '../../xml/element.ts';
import { versionOf } from '../document.ts';
import { NEWEST_SCHEMA } from '../empty.ts';
import { isSchema, versionOrder } from '../schema/versions.ts';
import { toVersion2 } from './to-version-2.ts';
import { toVersion3 } from './to-version-3.ts';

/** Steps at which the language changed its words, by the first version that has the new ones. */
const STEPS: readonly (readonly [version: string, step: (cib: XmlElement) => XmlElement])[] = [
  ['2.0', toVersion2],
  ['3.0', toVersion3],
];

/**
 * The document in the newest schema. As Pacemaker does, it raises `admin_epoch`, so that no copy in the older
 * language can win over it. One that is new enough, or validated by nothing, comes back as it was.
 */
export function upgrade(cib: XmlElement): XmlElement {
  const translated = inNewestSchema(cib);
  return translated === cib
    ? cib
    : withAttributes(translated, { admin_epoch: versionOf(cib).adminEpoch + 1, epoch: 1, num_updates: 0 });
}

/** The same document in the words of the newest schema, for whoever reads it; its version stays. */
export function inNewestSchema(cib: XmlElement): XmlElement {
  const schema = attribute(cib, 'validate-with') ?? '';
  const order = versionOrder(schema.replace('pacemaker-', ''));
  const newest = versionOrder(NEWEST_SCHEMA.replace('pacemaker-', ''));
  if (!isSchema(schema) || order >= newest) return cib;
  const translated = STEPS.reduce(
    (document, [version, step]) => (order < versionOrder(version) ? step(document) : document),
    cib,
  );
  return withAttributes(translated, { 'validate-with': NEWEST_SCHEMA });
}
