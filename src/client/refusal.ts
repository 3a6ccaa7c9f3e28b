import type { Refusal } from '../core/messages/client.ts';
import type { ExitCode } from '../core/model/exit-code.ts';

const TABLE: Readonly<Record<Refusal, readonly [ExitCode, string]>> = {
  'no-such-object': ['no-such-object', 'No such device or address'],
  exists: ['exists', 'File exists'],
  invalid: ['software', 'Invalid argument'],
  schema: ['config', 'Update does not conform to the configured schema'],
  denied: ['insufficient-privileges', 'Permission denied'],
  'old-data': ['old-data', 'Update was older than existing configuration'],
  'diff-failed': ['error', 'Application of update diff failed'],
  'diff-resync': ['error', 'Application of update diff failed, requesting full refresh'],
  'no-dc': ['disconnected', 'Transport endpoint is not connected'],
  'no-quorum': ['no-quorum', 'Operation requires quorum'],
  timeout: ['timeout', 'Timer expired'],
  'not-connected': ['disconnected', 'Transport endpoint is not connected'],
  'no-device': ['no-such-object', 'No such device'],
  failed: ['error', 'Error'],
  unsupported: ['unimplemented', 'Operation not supported'],
};

/** The exit code that a command ends with when its request was refused. */
export const exitOfRefusal = (refusal: Refusal): ExitCode => TABLE[refusal][0];

/** The words that Pacemaker's commands print for that refusal, after `Error performing operation:`. */
export const wordsOfRefusal = (refusal: Refusal): string => TABLE[refusal][1];
