import { defineCommand } from '../command-line.ts';
import { COMMON_OPTIONS, OUTPUT_GROUP } from '../tool.ts';

function synthetic(short: string, valueName: string, help: string) {
  return { short, takes: 'values', valueName, help, group: 'synthetic' } as const;
}

function artifact(short: string, help: string) {
  return { short, takes: 'value', valueName: 'FILE', help, group: 'artifact' } as const;
}

function operation(short: string, help: string) {
  return { short, takes: 'nothing', help, group: 'operations' } as const;
}

export const definition = defineCommand({
  name: 'crm_simulate',
  summary: 'crm_simulate - show what a cluster would do',
  groups: {
    ...OUTPUT_GROUP,
    operations: { title: 'Operations', about: 'operations options' },
    synthetic: { title: 'Synthetic Cluster Events', about: 'synthetic cluster event options' },
    artifact: { title: 'Artifact Options', about: 'artifact options' },
    source: { title: 'Data Source', about: 'data source options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'Q', takes: 'nothing', help: 'Print only what was asked for' },
    run: operation('R', 'Decide on the input, and show what would be done'),
    simulate: operation('S', 'Decide, carry that out on paper, and show what would come of it'),
    'in-place': operation('X', 'As --simulate, and write what would come of it to the input file'),
    'show-attrs': operation('A', 'Show the attributes of nodes'),
    'show-failcounts': operation('c', 'Show fail counts and failures of resources'),
    'show-scores': operation('s', 'Show the scores by which resources were placed'),
    'show-utilization': operation('U', 'Show capacities and what they are used for'),
    profile: {
      short: 'P',
      takes: 'value',
      valueName: 'DIR',
      help: 'Decide on every XML file of a folder, and print how long it took',
      group: 'operations',
    },
    repeat: {
      short: 'N',
      takes: 'integer',
      valueName: 'N',
      help: 'With --profile: decide on each file so many times',
      group: 'operations',
    },
    why: {
      takes: 'value',
      valueName: 'RESOURCE',
      help: 'Explain why a resource runs where it does, or does not (text, XML or JSON)',
      group: 'operations',
    },
    on: {
      takes: 'value',
      valueName: 'NODE',
      help: 'With --why: why on this node, or why not; with --why-action: the one there',
      group: 'operations',
    },
    'why-action': {
      takes: 'value',
      valueName: 'KEY',
      help: 'Explain why an action (such as web_stop_0) is in the plan',
      group: 'operations',
    },
    pending: { short: 'j', takes: 'nothing', help: 'Show what is under way', hidden: true },
    'node-up': synthetic('u', 'NODE', 'Suppose that a node comes online'),
    'node-down': synthetic('d', 'NODE', 'Suppose that a node goes offline in good order'),
    'node-fail': synthetic('f', 'NODE', 'Suppose that a node is lost'),
    'op-inject': synthetic('i', 'OPSPEC', 'Suppose this result of an operation before deciding'),
    'op-fail': synthetic('F', 'OPSPEC', 'Suppose this result of an operation while carrying out'),
    'set-datetime': {
      short: 't',
      takes: 'value',
      valueName: 'DATETIME',
      help: 'Suppose that it is this date and time (ISO 8601)',
      group: 'synthetic',
    },
    quorum: {
      short: 'q',
      takes: 'value',
      valueName: 'QUORUM',
      help: 'Suppose that the cluster has quorum (true) or not (false)',
      group: 'synthetic',
    },
    watchdog: {
      short: 'w',
      takes: 'value',
      valueName: 'DEVICE',
      help: 'Suppose that there is a watchdog (true) or not (false)',
      group: 'synthetic',
    },
    'ticket-grant': synthetic('g', 'TICKET', 'Suppose that a ticket is granted'),
    'ticket-revoke': synthetic('r', 'TICKET', 'Suppose that a ticket is revoked'),
    'ticket-standby': synthetic('b', 'TICKET', 'Suppose that a ticket is put on standby'),
    'ticket-activate': synthetic('e', 'TICKET', 'Suppose that a ticket is taken off standby'),
    'save-input': artifact('I', 'Save the input, with all that was supposed'),
    'save-output': artifact('O', 'Save what would come of it'),
    'save-graph': artifact('G', 'Save the transition as XML'),
    'save-dotfile': artifact('D', 'Save the transition as a drawing in DOT'),
    'all-actions': {
      short: 'a',
      takes: 'nothing',
      help: 'Draw what could be done and is not, too',
      group: 'artifact',
    },
    'live-check': {
      short: 'L',
      takes: 'nothing',
      help: 'Use the CIB of the cluster as it is now (default)',
      group: 'source',
    },
    'xml-file': {
      short: 'x',
      takes: 'value',
      valueName: 'FILE',
      help: 'Use a CIB in a file',
      group: 'source',
    },
    'xml-pipe': { short: 'p', takes: 'nothing', help: 'Use a CIB from standard input', group: 'source' },
  },
  notes: [
    'OPSPEC is RESOURCE_OPERATION_INTERVAL@NODE=STATUS, the interval in milliseconds and the status as agents return it.\n\n',
    'What would be done if the server were found stopped on node1, and could not be stopped then:\n\n',
    '\tcrm_simulate -LS --op-inject web_monitor_20000@node1=7 --op-fail web_stop_0@node1=1\n',
  ].join(''),
});
