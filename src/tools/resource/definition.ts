import { defineCommand, type OptionValues } from '../command-line.ts';
import { COMMON_OPTIONS, OUTPUT_GROUP } from '../tool.ts';

const flag = <const Group extends string>(group: Group, help: string) =>
  ({ takes: 'nothing', group, help }) as const;

export const definition = defineCommand({
  name: 'crm_resource',
  summary: 'crm_resource - work on the resources of the cluster',
  groups: {
    ...OUTPUT_GROUP,
    queries: { title: 'Queries', about: 'query help' },
    commands: { title: 'Commands', about: 'command help' },
    locations: { title: 'Locations', about: 'location help' },
    advanced: { title: 'Advanced', about: 'advanced option help' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'Q', takes: 'nothing', help: 'Say less' },
    resource: { short: 'r', takes: 'value', valueName: 'ID', help: 'The resource' },
    list: { short: 'L', ...flag('queries', 'All resources with their status') },
    'list-raw': { short: 'l', ...flag('queries', 'Ids of all primitives and instances') },
    'list-operations': {
      short: 'O',
      ...flag('queries', 'Operations of active resources, of -r and on -N if given'),
    },
    'list-all-operations': {
      short: 'o',
      ...flag('queries', 'All operations on record, of -r and on -N if given'),
    },
    'list-standards': flag('queries', 'Standards of agents that are supported'),
    'list-ocf-providers': flag('queries', 'Providers of OCF agents'),
    'list-agents': {
      takes: 'value',
      valueName: 'STD:PROV',
      group: 'queries',
      help: 'Agents of a standard, and of a provider if given',
    },
    'list-ocf-alternatives': {
      takes: 'value',
      valueName: 'AGENT',
      group: 'queries',
      help: 'Providers that have this OCF agent',
    },
    'show-metadata': {
      takes: 'value',
      valueName: 'SPEC',
      group: 'queries',
      help: 'What the agent STANDARD:PROVIDER:TYPE says of itself',
    },
    'query-xml': { short: 'q', ...flag('queries', 'Configuration of the resource, templates expanded') },
    'query-xml-raw': { short: 'w', ...flag('queries', 'Configuration of the resource as it is stored') },
    'get-parameter': {
      short: 'g',
      takes: 'value',
      valueName: 'PARAM',
      group: 'queries',
      help: 'Value of a parameter, or with -m or -z of a meta-attribute or utilization',
    },
    locate: { short: 'W', ...flag('queries', 'Where the resource is active') },
    constraints: {
      short: 'a',
      ...flag(
        'queries',
        'Location and colocation constraints of the resource, with --recursive of those colocated too',
      ),
    },
    stack: { short: 'A', ...flag('queries', 'The same as --constraints --recursive') },
    why: {
      short: 'Y',
      ...flag('queries', 'Why resources run where they do, or do not, of -r and on -N if given'),
    },
    'why-action': {
      takes: 'value',
      valueName: 'KEY',
      group: 'queries',
      help: 'Why an action (such as web_stop_0) is in the plan, on -N if given',
    },
    cleanup: {
      short: 'C',
      ...flag(
        'commands',
        'Forget failures, and look anew where there were some; of -r, -N, -n and -I if given',
      ),
    },
    refresh: {
      short: 'R',
      ...flag('commands', 'Forget the whole history and look anew; of -r and on -N if given'),
    },
    'set-parameter': {
      short: 'p',
      takes: 'value',
      valueName: 'PARAM',
      group: 'commands',
      help: 'Set a parameter, or with -m or -z a meta-attribute or utilization (needs -v)',
    },
    'delete-parameter': {
      short: 'd',
      takes: 'value',
      valueName: 'PARAM',
      group: 'commands',
      help: 'Remove a parameter, or with -m or -z a meta-attribute or utilization',
    },
    move: {
      short: 'M',
      ...flag('locations', 'Prefer the node of -N, or without it keep the resource off the node where it is'),
    },
    ban: { short: 'B', ...flag('locations', 'Keep the resource off a node: of -N, or where it is') },
    clear: { short: 'U', ...flag('locations', 'Remove what --move and --ban have made, of -N if given') },
    expired: { short: 'e', ...flag('locations', 'With --clear: only what has expired') },
    lifetime: {
      short: 'u',
      takes: 'value',
      valueName: 'TIMESPEC',
      group: 'locations',
      help: 'How long it is to hold, as an ISO 8601 duration (with -M and -B)',
    },
    promoted: {
      ...flag('locations', 'For the promoted role alone (with -M, -B and -U)'),
      aliases: ['master'],
    },
    delete: { short: 'D', ...flag('advanced', '(Advanced) Remove a resource from the CIB (needs -t)') },
    fail: {
      short: 'F',
      ...flag('advanced', '(Advanced) Tell the cluster that the resource failed (needs -N)'),
    },
    restart: flag('advanced', '(Advanced) Restart the resource and what depends on it'),
    wait: flag('advanced', '(Advanced) Wait until there is nothing left to do'),
    digests: flag(
      'advanced',
      '(Advanced) The digests of what a resource runs with (needs -r and -N); NAME=VALUE operands override parameters',
    ),
    validate: {
      takes: 'optional-value',
      valueName: 'LEVEL',
      group: 'commands',
      help: 'Have the agent check a configuration, of -r or as described; NAME=VALUE operands override parameters',
    },
    'force-demote': flag('advanced', '(Advanced) Demote here, past the cluster'),
    'force-stop': flag('advanced', '(Advanced) Stop here, past the cluster'),
    'force-start': flag('advanced', '(Advanced) Start here, past the cluster'),
    'force-promote': flag('advanced', '(Advanced) Promote here, past the cluster'),
    'force-check': {
      takes: 'optional-value',
      valueName: 'LEVEL',
      group: 'advanced',
      help: '(Advanced) Look at the state here, past the cluster',
    },
    class: {
      takes: 'value',
      valueName: 'CLASS',
      group: 'additional',
      help: 'Standard of the agent (with --agent, --validate and --force-*)',
    },
    provider: {
      takes: 'value',
      valueName: 'PROVIDER',
      group: 'additional',
      help: 'Provider of the agent (with --agent, --validate and --force-*)',
    },
    agent: {
      takes: 'value',
      valueName: 'AGENT',
      group: 'additional',
      help: 'The agent (with --class, --validate and --force-*)',
    },
    option: {
      takes: 'values',
      valueName: 'NAME=VALUE',
      group: 'additional',
      help: 'A parameter of what --class and --agent describe; as often as needed',
    },
    node: {
      short: 'N',
      takes: 'value',
      valueName: 'NAME',
      group: 'additional',
      help: 'The node',
      aliases: ['H', 'host-uname', 'on'],
    },
    recursive: flag('additional', 'Follow colocations (with -p and -a)'),
    'resource-type': {
      short: 't',
      takes: 'value',
      valueName: 'ELEMENT',
      group: 'additional',
      help: 'Element of the resource: primitive, group … (with -D)',
    },
    'parameter-value': {
      short: 'v',
      takes: 'value',
      valueName: 'VALUE',
      group: 'additional',
      help: 'Value for -p',
    },
    meta: { short: 'm', ...flag('additional', 'A meta-attribute (with -p, -g and -d)') },
    utilization: { short: 'z', ...flag('additional', 'A utilization attribute (with -p, -g and -d)') },
    operation: {
      short: 'n',
      takes: 'value',
      group: 'additional',
      help: 'Only failures of this operation (with -C -r)',
    },
    interval: {
      short: 'I',
      takes: 'value',
      valueName: 'N',
      group: 'additional',
      help: 'Only failures of the operation with this interval (with -C -r -n)',
    },
    'set-name': {
      short: 's',
      takes: 'value',
      valueName: 'ID',
      group: 'additional',
      help: '(Advanced) Id of the set (with -p and -d)',
    },
    nvpair: {
      short: 'i',
      takes: 'value',
      valueName: 'ID',
      group: 'additional',
      help: '(Advanced) Id of the pair (with -p and -d)',
    },
    timeout: {
      short: 'T',
      takes: 'value',
      valueName: 'N',
      group: 'additional',
      help: '(Advanced) Give up after this time (with --restart, --wait and --force-*)',
    },
    force: { short: 'f', ...flag('additional', 'Do it even so; see the commands') },
  },
});

export type Options = typeof definition.options;
export type Values = OptionValues<Options>;
