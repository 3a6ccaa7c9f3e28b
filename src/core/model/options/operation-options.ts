import type { OptionDefinition } from './definition.ts';

/** Attributes of operations: of the `op` element, or in its meta-attributes, or in `op_defaults`. */
export const OPERATION_OPTIONS = [
  { name: 'name', type: 'text', summary: 'Name of the operation: start, stop, monitor …' },
  {
    name: 'interval',
    type: 'duration',
    default: '0',
    summary: 'How often it recurs',
    help: 'With 0 it does not: the definition tells how to run the operation when it is called for.',
  },
  {
    name: 'timeout',
    type: 'timeout',
    default: '20s',
    summary: 'How long it may take before it has failed',
  },
  {
    name: 'on-fail',
    type: 'choice',
    values: ['ignore', 'block', 'stop', 'restart', 'demote', 'fence', 'standby', 'restart-container'],
    summary: 'What follows from its failure',
    help: 'ignore: nothing. block: no more operations on the resource. stop: stop it and leave it so. restart: stop it and start it, maybe elsewhere. demote: demote it only. fence: fence the node. standby: move all resources away from the node. restart-container: restart what carries it. By default fence for stop where fencing is enabled and block where it is not; restart for all else.',
  },
  { name: 'enabled', type: 'boolean', default: 'true', summary: 'Whether this definition counts' },
  {
    name: 'start-delay',
    type: 'duration',
    default: '0',
    summary: 'How long to wait before its first run',
  },
  {
    name: 'interval-origin',
    type: 'text',
    summary: 'A date from which intervals are counted',
    help: 'Not together with start-delay.',
  },
  {
    name: 'record-pending',
    type: 'boolean',
    default: 'true',
    standing: 'deprecated',
    summary: 'Whether its beginning is recorded, so that status shows it under way',
  },
  {
    name: 'role',
    type: 'choice',
    values: ['Stopped', 'Started', 'Unpromoted', 'Promoted', 'Slave', 'Master'],
    summary: 'Only run it where the resource is expected to be in this role',
    help: 'For recurring monitors.',
  },
] as const satisfies readonly OptionDefinition[];
