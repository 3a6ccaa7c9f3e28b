/** Which CIB and which daemons a command speaks to, by its environment. */
import { openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Duration } from '../core/base/time.ts';
import { NODE_FOLDER, placesOf } from '../core/model/places.ts';
import type { Connection } from './connection.ts';
import { FileConnection, type LazyConclusion } from './file-connection.ts';
import { connectSocket } from './socket-connection.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OpenOptions {
  readonly environment: Environment;
  /** Name of the command. */
  readonly name: string;
  readonly timeout?: Duration;
  /** Checks and marks changes to a CIB in a file; the daemons do so for their own. */
  readonly conclusion: LazyConclusion;
}

export type Opened =
  | { readonly ok: true; readonly connection: Connection; readonly to: 'file' | 'cluster' }
  /** Why: the system's word, such as ENOENT or ECONNREFUSED. */
  | { readonly ok: false; readonly error: string };

const SHADOW_FOLDER = '/var/lib/pacemaker/cib';

/** The file that stands for the CIB, if any: `CIB_file`, or the shadow that `CIB_shadow` names. */
function fileOfCib(environment: Environment): string | undefined {
  const { CIB_file: file, CIB_shadow: shadow, CIB_shadow_dir: folder = SHADOW_FOLDER } = environment;
  if (file !== undefined && file !== '') return file;
  return shadow === undefined || shadow === '' ? undefined : join(folder, `shadow.${shadow}`);
}

export async function openConnection(options: OpenOptions): Promise<Opened> {
  const path = fileOfCib(options.environment);
  if (path !== undefined) {
    return { ok: true, connection: new FileConnection({ path, conclusion: options.conclusion }), to: 'file' };
  }
  return openCluster(options);
}

/** As `openConnection`, but always the daemons, whatever stands for the CIB. */
export async function openCluster(options: Omit<OpenOptions, 'conclusion'>): Promise<Opened> {
  let error = 'ENOENT';
  for (const path of socketsOf(options.environment[NODE_FOLDER])) {
    const opened = await connectSocket({ ...options, path: reachable(path) });
    if (opened.ok) return { ok: true, connection: opened.connection, to: 'cluster' };
    error = opened.error;
  }
  return { ok: false, error };
}

/** Bytes that the kernel has for the path of a Unix socket, with the zero at its end. */
const LONGEST_PATH = 108;

/** A path that is too long is shortened by way of a descriptor of its folder. */
function reachable(path: string): string {
  if (Buffer.byteLength(path) < LONGEST_PATH) return path;
  try {
    return `/proc/self/fd/${openSync(dirname(path), 'r')}/${basename(path)}`;
  } catch {
    return path;
  }
}

/** Sockets to try: the node's own, and where the folder is one of several nodes, that of each. */
function socketsOf(folder: string | undefined): readonly string[] {
  const own = placesOf(folder).clientSocket;
  if (folder === undefined) return [own];
  return [own, ...foldersIn(folder).map(one => placesOf(join(folder, one)).clientSocket)];
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    return [];
  }
}
