/**
 * A daemon's log, twice: as the text that readers of Pacemaker's log know, and as a JSON object a line. Both are
 * written at once, so that what was said last before a crash is there.
 */
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LogLevel } from '../core/daemons/contract.ts';
import { now } from './clock.ts';

export type Fields = Readonly<Record<string, string | number | undefined>>;

const SEVERITY: Readonly<Record<LogLevel, number>> = {
  crit: 0,
  err: 1,
  warning: 2,
  notice: 3,
  info: 4,
  debug: 5,
};
const WORDS: Readonly<Record<LogLevel, string>> = {
  crit: 'crit',
  err: 'error',
  warning: 'warning',
  notice: 'notice',
  info: 'info',
  debug: 'debug',
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A file that grows beyond this is kept once, under its name with `.1`, and begun anew. */
const LARGEST_FILE = 16 * 1024 * 1024;

export class Log {
  readonly #node: string;
  readonly #daemon: string;
  readonly #least: number;
  readonly #text: Appender;
  readonly #json: Appender;

  constructor(options: {
    readonly folder: string;
    readonly node: string;
    readonly daemon: string;
    readonly level?: LogLevel;
  }) {
    this.#node = options.node;
    this.#daemon = options.daemon;
    this.#least = SEVERITY[options.level ?? 'info'];
    mkdirSync(options.folder, { recursive: true });
    this.#text = new Appender(join(options.folder, `${options.daemon}.log`));
    this.#json = new Appender(join(options.folder, `${options.daemon}.json`));
  }

  write(level: LogLevel, text: string, fields: Fields = {}): void {
    if (SEVERITY[level] > this.#least) return;
    const time = new Date(now());
    const told = Object.entries(fields).filter(([, value]) => value !== undefined);
    const details =
      told.length === 0 ? '' : ` (${told.map(([name, value]) => `${name}=${value}`).join(' ')})`;
    const head = `${stamp(time)} ${this.#node} ${this.#daemon} [${process.pid}]`;
    this.#text.append(`${head} ${WORDS[level]}: ${text}${details}\n`);
    const record = {
      time: time.toISOString(),
      level,
      node: this.#node,
      daemon: this.#daemon,
      pid: process.pid,
    };
    this.#json.append(`${JSON.stringify({ ...record, text, ...fields })}\n`);
  }
}

class Appender {
  readonly #path: string;
  #file: number;
  #size = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'a');
  }

  append(text: string): void {
    this.#size += writeSync(this.#file, text);
    if (this.#size < LARGEST_FILE) return;
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, 'a');
    this.#size = 0;
  }
}

function stamp(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  const fraction = String(time.getMilliseconds()).padStart(3, '0');
  return `${MONTHS[time.getMonth()]} ${two(time.getDate())} ${clock}.${fraction}`;
}
