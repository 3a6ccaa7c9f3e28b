import { type Duration, milliseconds } from '../base/time.ts';

/** The parts of `RESOURCE_OPERATION_INTERVAL`, the name of an operation in history and graph. */
export interface OperationKey {
  readonly resource: string;
  readonly operation: string;
  readonly interval: Duration;
}

export const operationKey = (resource: string, operation: string, interval: Duration): string =>
  `${resource}_${operation}_${interval}`;

const NOTIFY = /^(.*)_((?:pre|post)_notify_[a-z_]+?)_(\d+)$/;
const PLAIN = /^(.*)_([a-z-]+|migrate_to|migrate_from)_(\d+)$/;
const MIGRATE = /^(.*)_(migrate_to|migrate_from)_(\d+)$/;

export function parseOperationKey(key: string): OperationKey | undefined {
  const match = MIGRATE.exec(key) ?? NOTIFY.exec(key) ?? PLAIN.exec(key);
  if (match === null) return undefined;
  const [, resource = '', operation = '', interval = ''] = match;
  return { resource, operation, interval: milliseconds(Number(interval)) };
}
