import type { Instant } from '../base/time.ts';
import { attribute, child, withAttributes, type XmlElement } from '../xml/element.ts';
import { type CibOutcome, type Problem, refuse } from './call.ts';
import { compareVersions, versionOf } from './document.ts';

/** Who wrote and when; recorded on the root with each change of the configuration. */
interface Stamp {
  readonly at: Instant;
  readonly node: string;
  readonly client: string;
  readonly user: string;
}

export interface Conclusion {
  /** Schema and references of a whole document. */
  readonly validate: (cib: XmlElement) => readonly Problem[];
  readonly stamp?: Stamp;
}

/**
 * Gives a changed document its version: a change under `configuration` raises `epoch` and zeroes `num_updates`,
 * any other raises `num_updates`. A document that is older than the one before, or that is not valid, is refused.
 * Only a change that can make a valid document invalid is checked: one of status cannot.
 */
export function conclude(before: XmlElement, after: XmlElement, { validate, stamp }: Conclusion): CibOutcome {
  if (before === after) return { ok: true, cib: before };
  const version = versionOf(after);
  if (compareVersions(version, versionOf(before)) < 0) return refuse('old-data');
  const isConfiguration = child(before, 'configuration') !== child(after, 'configuration');
  const counted = isConfiguration
    ? withAttributes(after, { epoch: version.epoch + 1, num_updates: 0 })
    : withAttributes(after, { num_updates: version.numUpdates + 1 });
  const cib = isConfiguration && stamp !== undefined ? stamped(counted, stamp) : counted;
  if (isConfiguration || attribute(before, 'validate-with') !== attribute(after, 'validate-with')) {
    const problems = validate(cib);
    if (problems.length > 0) return refuse('schema', { problems });
  }
  return { ok: true, cib };
}

const stamped = (cib: XmlElement, { at, node, client, user }: Stamp): XmlElement =>
  withAttributes(cib, {
    'cib-last-written': printWritten(at),
    'update-origin': node,
    'update-client': client,
    'update-user': user,
  });

/** As C's ctime() has it, in UTC: "Tue Nov 24 00:21:20 2026". */
function printWritten(at: Instant): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? [];
  const weekday = new Date(at).toUTCString().slice(0, 3);
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}
