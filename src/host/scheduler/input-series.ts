/**
 * What the scheduler decided on, kept on disk so that `crm_simulate -x` can decide again: a document a file, in three
 * series by how it went, each of which begins anew when it holds as many as it may. Names and layout are Pacemaker's.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../core/base/time.ts';
import { type ClusterOptionName, clusterOption } from '../../core/model/options/registry.ts';
import { withAttributes, type XmlElement } from '../../core/xml/element.ts';
import { printXml } from '../../core/xml/print.ts';

export interface DecidedInput {
  readonly cib: XmlElement;
  readonly now: Instant;
  readonly problems: readonly string[];
  /** Cluster options as they are set. */
  readonly options: ReadonlyMap<string, string>;
}

interface Series {
  readonly name: string;
  readonly most: ClusterOptionName;
}

const SERIES = {
  error: { name: 'pe-error', most: 'pe-error-series-max' },
  warning: { name: 'pe-warn', most: 'pe-warn-series-max' },
  input: { name: 'pe-input', most: 'pe-input-series-max' },
} as const satisfies Readonly<Record<string, Series>>;

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o750;

export class InputSeries {
  readonly #folder: string;
  #last: { readonly text: string; readonly series: Series; readonly path: string } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that holds it; none where none is to be kept. Throws the system's error. */
  save({ cib, now, problems, options }: DecidedInput): string | undefined {
    const series = seriesOf(problems);
    const most = Number.parseInt(clusterOption(series.most, options) ?? '-1', 10);
    if (most === 0) return undefined;
    const text = printXml(cib, { pretty: true });
    // What did not change since is there already.
    if (this.#last?.text === text && this.#last.series === series) return this.#last.path;
    mkdirSync(this.#folder, { recursive: true, mode: FOLDER_MODE });
    const number = this.#next(series, most);
    const dated = printXml(withAttributes(cib, { 'execution-date': Math.floor(now / 1000) }), {
      pretty: true,
    });
    const path = this.#write(join(this.#folder, `${series.name}-${number}`), dated);
    this.#keepNext(series, number + 1);
    this.#last = { text, series, path };
    return path;
  }

  #next(series: Series, most: number): number {
    const next = Number.parseInt(this.#read(`${series.name}.last`) ?? '0', 10) || 0;
    return most > 0 && next >= most ? 0 : next;
  }

  #keepNext(series: Series, next: number): void {
    writeFileSync(join(this.#folder, `${series.name}.last`), `${next}\n`, { mode: FILE_MODE });
  }

  /** Packed where the host has the means, as every reader of these files expects; else as it is. */
  #write(stem: string, text: string): string {
    const packed = spawnSync('bzip2', ['-c'], { input: text, maxBuffer: 2 ** 30 });
    const [ending, other] = packed.status === 0 ? ['.bz2', '.xml'] : ['.xml', '.bz2'];
    const path = `${stem}${ending}`;
    writeFileSync(`${path}.new`, packed.status === 0 ? packed.stdout : text, { mode: FILE_MODE });
    renameSync(`${path}.new`, path);
    rmSync(`${stem}${other}`, { force: true });
    return path;
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(join(this.#folder, name), 'utf8');
    } catch {
      return undefined;
    }
  }
}

function seriesOf(problems: readonly string[]): Series {
  if (problems.some(one => one.startsWith('error'))) return SERIES.error;
  return problems.length > 0 ? SERIES.warning : SERIES.input;
}
