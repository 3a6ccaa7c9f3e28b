import type { OptionDefinition } from './definition.ts';

/** Meta-attributes of primitives. */
export const PRIMITIVE_OPTIONS = [
  {
    name: 'priority',
    type: 'score',
    default: '0',
    summary: 'Where not all can run, resources with lower priority give way',
  },
  {
    name: 'critical',
    type: 'boolean',
    default: 'true',
    summary: 'Whether its wishes bear on where the resources go that it is to run with',
    help: 'The default of influence in its colocations, and of its place in a group.',
  },
  {
    name: 'target-role',
    type: 'choice',
    values: ['Stopped', 'Started', 'Unpromoted', 'Promoted', 'Slave', 'Master'],
    default: 'Started',
    summary: 'The role that the cluster tries to keep it in, at most',
    help: 'Unpromoted: promotable clones are not promoted. Slave and Master are old names.',
  },
  {
    name: 'is-managed',
    type: 'boolean',
    default: 'true',
    summary: 'Whether the cluster may start, stop, promote and demote it',
    help: 'Recurring operations go on either way; see maintenance.',
  },
  {
    name: 'maintenance',
    type: 'boolean',
    default: 'false',
    summary: 'Whether the cluster keeps its hands off it and does not monitor it',
  },
  {
    name: 'resource-stickiness',
    type: 'score',
    summary: 'How much it prefers to stay where it is',
    help: 'By default 1 for the instances of clones, 0 for all else.',
  },
  {
    name: 'requires',
    type: 'choice',
    values: ['nothing', 'quorum', 'fencing', 'unfencing'],
    summary: 'What must be so before it may start',
    help: 'fencing: a majority, and no node lost that is not fenced. unfencing: besides, the node unfenced. By default fencing where fencing is enabled; quorum for fence devices, remote connections, and without fencing; unfencing where a device provides it.',
  },
  {
    name: 'migration-threshold',
    type: 'score',
    default: 'INFINITY',
    summary: 'How many failures on a node ban it from there',
    help: '0 never does.',
  },
  {
    name: 'failure-timeout',
    type: 'duration',
    default: '0',
    summary: 'How long after the last failure all failures are forgotten',
    help: '0: never.',
  },
  {
    name: 'multiple-active',
    type: 'choice',
    values: ['block', 'stop_only', 'stop_start', 'stop_unexpected'],
    default: 'stop_start',
    summary: 'What to do with it where it is found active on more nodes than it may be',
    help: 'block: leave it alone. stop_only: stop it everywhere and leave it so. stop_start: stop it everywhere and start it in one place. stop_unexpected: stop it everywhere but where it belongs.',
  },
  {
    name: 'allow-migrate',
    type: 'boolean',
    summary: 'Whether it may be moved live, where its agent can',
    help: 'By default true for remote connections, false for all else.',
  },
  {
    name: 'allow-unhealthy-nodes',
    type: 'boolean',
    default: 'false',
    summary: 'Whether it may run on nodes of bad health',
  },
  {
    name: 'container-attribute-target',
    type: 'choice',
    values: ['container', 'host'],
    summary: 'Whether attributes of a bundled resource are read and written for the host of the container',
  },
] as const satisfies readonly OptionDefinition[];

/** Meta-attributes that make a resource the carrier of a guest node. */
export const GUEST_OPTIONS = [
  {
    name: 'remote-node',
    type: 'text',
    summary: 'Name of the guest node that this resource carries',
    help: 'It must not be the name of another node or the id of a resource.',
  },
  {
    name: 'remote-addr',
    type: 'text',
    summary: 'Address of the guest node, if its name is not enough to connect to it',
  },
  { name: 'remote-port', type: 'port', default: '3121', summary: 'Port of the executor on the guest node' },
  {
    name: 'remote-connect-timeout',
    type: 'timeout',
    default: '60s',
    summary: 'How long a connection to the guest node may take',
  },
  {
    name: 'remote-allow-migrate',
    type: 'boolean',
    default: 'true',
    summary: 'Whether the connection may be moved live',
  },
] as const satisfies readonly OptionDefinition[];

/** Meta-attributes of clones. */
export const CLONE_OPTIONS = [
  {
    name: 'clone-max',
    type: 'nonnegative-integer',
    summary: 'How many instances may be active in the cluster',
    help: 'By default as many as there are nodes; 0 allows none.',
  },
  {
    name: 'clone-node-max',
    type: 'nonnegative-integer',
    default: '1',
    summary: 'How many instances may be active on a node',
    help: 'More than one where instances are told apart (globally-unique).',
  },
  {
    name: 'clone-min',
    type: 'nonnegative-integer',
    default: '0',
    summary: 'How many instances must be up before what depends on the clone may start',
    help: '0: all that are to start.',
  },
  {
    name: 'globally-unique',
    type: 'boolean',
    summary: 'Whether each instance does a job of its own',
    help: 'By default where clone-node-max is more than 1.',
  },
  {
    name: 'ordered',
    type: 'boolean',
    default: 'false',
    summary: 'Whether instances start one after another',
  },
  {
    name: 'interleave',
    type: 'boolean',
    default: 'false',
    summary: 'Whether orderings between clones hold node by node',
    help: 'If not, an instance waits for all instances of the other clone.',
  },
  {
    name: 'notify',
    type: 'boolean',
    default: 'false',
    summary: 'Whether instances are told before and after others start, stop, are promoted and demoted',
  },
  {
    name: 'promotable',
    type: 'boolean',
    default: 'false',
    summary: 'Whether instances can be promoted',
  },
  {
    name: 'promoted-max',
    aliases: ['master-max'],
    type: 'nonnegative-integer',
    default: '1',
    summary: 'How many instances may be promoted in the cluster',
  },
  {
    name: 'promoted-node-max',
    aliases: ['master-node-max'],
    type: 'nonnegative-integer',
    default: '1',
    summary: 'How many instances may be promoted on a node',
  },
] as const satisfies readonly OptionDefinition[];
