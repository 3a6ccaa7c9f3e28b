import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../core/base/time.ts';
import { inNewestSchema } from '../../core/cib/upgrade/upgrade.ts';
import type { ExitCode } from '../../core/model/exit-code.ts';
import { schedule } from '../../core/scheduler/schedule.ts';
import { element, type XmlElement } from '../../core/xml/element.ts';
import { timeOfCommand } from '../session.ts';
import { type Report, ToolError } from '../tool.ts';
import { readDocument, systemError } from './documents.ts';
import { effectiveTime } from './run.ts';

export interface Profiling {
  readonly repeat: number;
  /** The time that the user wants it to be, and the words for that. */
  readonly at: Instant | undefined;
  readonly date: string | undefined;
}

/** Decides on every XML file of a folder and prints the time that each took in all; what is no CIB is passed over. */
export function profile(folder: string, profiling: Profiling, report: Report): ExitCode {
  const paths = filesOf(folder).map(name => join(folder, name));
  report.line('Timings:');
  const timings = paths.flatMap(path => {
    const cib = documentAt(path, report);
    return cib === undefined ? [] : [timed(path, cib, { profiling, report })];
  });
  report.xml(element('timings', {}, timings));
  return 'ok';
}

function filesOf(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw systemError(`Could not read ${folder}`, error);
  }
  return entries
    .filter(entry => !entry.isDirectory() && /^[^.].*\.xml$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

function documentAt(path: string, report: Report): XmlElement | undefined {
  try {
    return inNewestSchema(readDocument(path));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    report.error(error.message);
    return undefined;
  }
}

function timed(
  path: string,
  cib: XmlElement,
  { profiling, report }: { readonly profiling: Profiling; readonly report: Report },
): XmlElement {
  const { repeat, at, date } = profiling;
  const { now } = effectiveTime(cib, { at, clock: timeOfCommand() });
  const began = process.cpuUsage();
  for (let time = 0; time < repeat; time += 1) {
    if (date !== undefined) report.line(`Setting effective cluster time: ${date}`);
    schedule({ cib, now });
  }
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1e6;
  report.line(`  * Testing ${path} ... ${seconds.toFixed(2)} secs`);
  return element('timing', { file: path, duration: seconds.toFixed(6) });
}
