import { md5 } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { XmlElement } from '../xml/element.ts';

const known = new WeakMap<XmlElement, string>();

/**
 * Tells whether two documents are equal, on different nodes too. What each branch contributes is kept with it,
 * so that after a change only the path to it is worked out anew.
 */
export function fingerprintOf(one: XmlElement): string {
  const before = known.get(one);
  if (before !== undefined) return before;
  const parts = [one.name, String(one.attributes.length), ...one.attributes, one.text ?? ''];
  for (const below of one.children) parts.push(fingerprintOf(below));
  const fingerprint = bytesToHex(md5(utf8ToBytes(parts.join('\0'))));
  known.set(one, fingerprint);
  return fingerprint;
}
