import { parseBoolean } from '../boolean.ts';
import { parseInterval, parseMilliseconds } from '../interval.ts';
import { parseScore } from '../score.ts';
import { CLUSTER_OPTIONS } from './cluster-options.ts';
import type { OptionDefinition, OptionScope } from './definition.ts';
import { FENCE_DEVICE_OPTIONS } from './fence-device-options.ts';
import { OPERATION_OPTIONS } from './operation-options.ts';
import { CLONE_OPTIONS, GUEST_OPTIONS, PRIMITIVE_OPTIONS } from './resource-options.ts';
import { SCHEDULER_OPTIONS } from './scheduler-options.ts';

export type ClusterOptionName = (typeof CLUSTER_OPTIONS | typeof SCHEDULER_OPTIONS)[number]['name'];

/** Every option there is, by what it belongs to. */
export const OPTIONS: Readonly<Record<OptionScope, readonly OptionDefinition[]>> = {
  cluster: [...CLUSTER_OPTIONS, ...SCHEDULER_OPTIONS],
  resource: [...PRIMITIVE_OPTIONS, ...GUEST_OPTIONS, ...CLONE_OPTIONS],
  operation: OPERATION_OPTIONS,
  'fence-device': FENCE_DEVICE_OPTIONS,
};

const byName = new Map<OptionScope, ReadonlyMap<string, OptionDefinition>>();

function definitionsByName(scope: OptionScope): ReadonlyMap<string, OptionDefinition> {
  const known = byName.get(scope);
  if (known !== undefined) return known;
  const names = new Map<string, OptionDefinition>();
  for (const option of OPTIONS[scope]) {
    for (const name of [option.name, ...(option.aliases ?? [])]) names.set(name, option);
  }
  byName.set(scope, names);
  return names;
}

/** The option of that name or alias. */
export const optionNamed = (scope: OptionScope, name: string): OptionDefinition | undefined =>
  definitionsByName(scope).get(name);

export interface OptionReading {
  readonly value: string | undefined;
  /** What was written and cannot be, where the default stands in for it. */
  readonly rejected?: string;
  /** The older name under which it was found. */
  readonly alias?: string;
}

/**
 * An option's value among those written: by its name, else by its aliases, else by default. A value that is none
 * of its type counts as not written.
 */
export function readOption(
  scope: OptionScope,
  name: string,
  written: ReadonlyMap<string, string>,
): OptionReading {
  const option = optionNamed(scope, name);
  if (option === undefined) return { value: written.get(name) };
  const found = [option.name, ...(option.aliases ?? [])].find(one => written.has(one));
  if (found === undefined) return { value: option.default };
  const alias = found === option.name ? {} : { alias: found };
  const value = written.get(found) as string;
  return isValidOption(option, value)
    ? { value, ...alias }
    : { value: option.default, rejected: value, ...alias };
}

/** A cluster option's value, for those who need no more than that; see `readOption`. */
export const clusterOption = (
  name: ClusterOptionName,
  written: ReadonlyMap<string, string>,
): string | undefined => readOption('cluster', name, written).value;

export function isValidOption(option: OptionDefinition, value: string): boolean {
  switch (option.type) {
    case 'boolean':
      return parseBoolean(value) !== undefined;
    case 'integer':
      return parseScore(value) !== undefined;
    case 'nonnegative-integer':
      return /^\s*\+?\d+/.test(value);
    case 'percentage':
      return /^\s*\+?\d+%\s*$/.test(value);
    case 'score':
      return isColour(value) || parseScore(value) !== undefined;
    case 'duration':
      return parseInterval(value) !== undefined;
    case 'timeout':
      return parseInterval(value) !== undefined || parseMilliseconds(value) !== undefined;
    case 'port':
      return /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65_536;
    case 'choice':
      return (option.values ?? []).some(one => one.toLowerCase() === value.toLowerCase());
    case 'text':
    case 'version':
      return true;
  }
}

/** Colours of node health are scores by name. */
const isColour = (value: string): boolean => /^(?:red|yellow|green)$/i.test(value);
