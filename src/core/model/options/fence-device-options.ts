import type { OptionDefinition } from './definition.ts';

const HOSTS = [
  {
    name: 'pcmk_host_argument',
    type: 'text',
    standing: 'advanced',
    summary: 'Parameter of the agent that names the target',
    help: 'By default port if the agent has it, else plug. none passes none.',
  },
  {
    name: 'pcmk_host_map',
    type: 'text',
    summary: 'Names by which the device knows the nodes: node1:1;node2:2,3',
    help: 'Entries are separated by semicolons or blanks; a node and its ports by a colon or an equals sign.',
  },
  {
    name: 'pcmk_host_list',
    type: 'text',
    summary: 'Nodes that the device can fence',
    help: 'Where pcmk_host_check is static-list.',
  },
  {
    name: 'pcmk_host_check',
    type: 'choice',
    values: ['dynamic-list', 'static-list', 'status', 'none'],
    summary: 'How to find out which nodes the device can fence',
    help: 'dynamic-list: ask it for its list. static-list: look into pcmk_host_list and pcmk_host_map. status: ask it about the node. none: take it to fence any. By default static-list where a list or map is set, else dynamic-list if the agent can list, else status if it can tell, else none.',
  },
  {
    name: 'pcmk_delay_max',
    type: 'duration',
    default: '0s',
    summary: 'Upper bound of a random delay before off and reboot',
    help: 'Nodes that shoot each other should not do so at the same moment. The delay is no less than pcmk_delay_base.',
  },
  {
    name: 'pcmk_delay_base',
    type: 'text',
    default: '0s',
    summary: 'Delay before off and reboot, for all targets or by target: node1:1s;node2:5',
  },
  {
    name: 'pcmk_action_limit',
    type: 'integer',
    default: '1',
    summary: 'How many actions the device can do at a time',
    help: '-1: without a limit.',
  },
] as const satisfies readonly OptionDefinition[];

const ACTIONS = ['reboot', 'off', 'on', 'list', 'monitor', 'status'] as const;

const ofAction = (action: string): readonly OptionDefinition[] => [
  {
    name: `pcmk_${action}_action`,
    type: 'text',
    default: action,
    standing: 'advanced',
    summary: `What the agent is asked to do instead of ${action}`,
  },
  {
    name: `pcmk_${action}_timeout`,
    type: 'timeout',
    default: '60s',
    standing: 'advanced',
    summary: `How long ${action} may take, instead of fencing-timeout`,
  },
  {
    name: `pcmk_${action}_retries`,
    type: 'integer',
    default: '2',
    standing: 'advanced',
    summary: `How many times ${action} is tried at most while its time-out lasts`,
  },
];

/** Parameters of every fence device, whatever its agent. */
export const FENCE_DEVICE_OPTIONS: readonly OptionDefinition[] = [
  ...HOSTS,
  ...ACTIONS.flatMap(ofAction),
  {
    name: 'stonith-timeout',
    type: 'timeout',
    default: '60s',
    standing: 'advanced',
    summary: 'Passed to Linux-HA fence agents',
  },
];
