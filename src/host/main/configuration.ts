/** Who this node is: the file `node.json` of its folder, written by whoever set the node up. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LogLevel, Member } from '../../core/daemons/contract.ts';
import { nodeId, nodeName } from '../../core/model/names.ts';
import { type Places, placesOf } from '../../core/model/places.ts';

export interface NodeConfiguration {
  readonly node: Member;
  readonly places: Places;
  /** Folder of this node alone, where a host has several nodes. */
  readonly folder: string | undefined;
  /** Socket of the local bus. */
  readonly bus: string;
  readonly logLevel: LogLevel;
  /** What stands for the reboot of the host when the node must not go on. */
  readonly panic: 'reboot' | 'end-processes';
}

interface NodeFile {
  readonly name: string;
  readonly id: string;
  /** Relative to the folder of the file. */
  readonly bus: string;
  readonly logLevel?: LogLevel;
  readonly panic?: NodeConfiguration['panic'];
}

/** Reads it; a file that is missing or malformed ends the daemon, with the reason on standard error. */
export function readConfiguration(folder: string | undefined): NodeConfiguration {
  const places = placesOf(folder);
  const file = JSON.parse(readFileSync(places.configuration, 'utf8')) as NodeFile;
  return {
    node: { id: nodeId(file.id), name: nodeName(file.name) },
    places,
    folder,
    bus: resolve(dirname(places.configuration), file.bus),
    logLevel: file.logLevel ?? 'info',
    panic: file.panic ?? 'reboot',
  };
}
