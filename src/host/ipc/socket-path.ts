import { existsSync, openSync, unlinkSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Bytes that the kernel has for the path of a Unix socket, with the zero at its end. */
const LONGEST_PATH = 108;

/**
 * A path by which a socket can be bound or reached whatever the length of its real one: too long a path is
 * shortened by way of a descriptor of its folder, which stays open as long as the process lives.
 */
export function socketPath(path: string): string {
  const absolute = resolve(path);
  if (Buffer.byteLength(absolute) < LONGEST_PATH) return absolute;
  return `/proc/self/fd/${openSync(dirname(absolute), 'r')}/${basename(absolute)}`;
}

/** Takes away what a process that was killed left in the place of a socket. */
export function clearSocket(path: string): void {
  if (existsSync(path)) unlinkSync(path);
}
