import { defineCommand } from '../command-line.ts';
import { COMMON_OPTIONS, OUTPUT_GROUP } from '../tool.ts';

function shows(short: string, help: string) {
  return { short, takes: 'nothing', help, group: 'display' } as const;
}

function sections(short: string, help: string) {
  return { short, takes: 'values', valueName: 'SECTION(s)', help, group: 'display' } as const;
}

function limits(valueName: string, help: string) {
  return { takes: 'value', valueName, help, group: 'display' } as const;
}

export const definition = defineCommand({
  name: 'crm_mon',
  summary: 'crm_mon - show the state of the cluster',
  groups: {
    ...OUTPUT_GROUP,
    display: { title: 'Display Options', about: 'display options' },
    additional: { title: 'Additional Options', about: 'additional options' },
    deprecated: { title: 'Deprecated Options', about: 'deprecated options' },
  },
  options: {
    ...COMMON_OPTIONS,
    'output-as': {
      takes: 'value',
      valueName: 'FORMAT',
      help: 'Print as one of: console (default), html, text, xml',
      group: 'output',
    },
    'html-cgi': { takes: 'nothing', help: 'With html: a header for a web server before it', group: 'output' },
    'html-stylesheet': {
      takes: 'value',
      valueName: 'URI',
      help: 'With html: a style sheet',
      group: 'output',
    },
    'html-title': { takes: 'value', valueName: 'TITLE', help: 'With html: the title', group: 'output' },
    quiet: { short: 'Q', takes: 'nothing', help: 'Print fewer lines' },
    include: sections('I', 'Show these sections, too (a list of words, see below)'),
    exclude: sections('U', 'Do not show these sections (a list of words, see below)'),
    node: limits('NODE', 'Show only what has to do with this node, or with the nodes of this tag'),
    resource: limits('RSC', 'Show only this resource, or the resources of this tag'),
    'group-by-node': shows('n', 'Show resources with the node that they run on'),
    inactive: shows('r', 'Show stopped resources, too'),
    failcounts: shows('f', 'Show fail counts of resources'),
    operations: shows('o', 'Show the operations that the history of resources keeps'),
    'timing-details': shows('t', 'Show them with times'),
    tickets: shows('c', 'Show tickets'),
    'fence-history': {
      short: 'm',
      takes: 'optional-value',
      valueName: 'LEVEL',
      help: 'Show fencing: 0 none, 1 failed and under way (default), 2 what went well, too, 3 all of it',
      group: 'display',
    },
    'neg-locations': {
      short: 'L',
      takes: 'optional-value',
      valueName: 'PREFIX',
      help: 'Show constraints that keep resources from nodes, or those whose id begins so',
      group: 'display',
    },
    'show-node-attributes': shows('A', 'Show the attributes of nodes'),
    'hide-headers': shows('D', 'Show no summary'),
    'show-detail': shows('R', 'Show more: ids of nodes, every instance of clones'),
    'show-description': { takes: 'nothing', help: 'Show descriptions of resources', group: 'display' },
    brief: shows('b', 'Show counts of resources instead of each'),
    pending: { short: 'j', takes: 'nothing', help: 'Show what is under way (always done)', hidden: true },
    interval: {
      short: 'i',
      takes: 'value',
      valueName: 'TIMESPEC',
      help: 'Show it anew at least so often (5 seconds)',
      group: 'additional',
    },
    'external-agent': {
      short: 'E',
      takes: 'value',
      valueName: 'FILE',
      help: 'While following: run this program for each result of an operation, with CRM_notify_* in its environment',
      group: 'additional',
    },
    'external-recipient': {
      short: 'e',
      takes: 'value',
      valueName: 'RCPT',
      help: 'For CRM_notify_recipient (with -E)',
      group: 'additional',
    },
    'simple-status': {
      short: 's',
      takes: 'nothing',
      help: 'Show it once in one line, for monitoring; ends with 1 where something is wrong',
      group: 'additional',
    },
    'one-shot': { short: '1', takes: 'nothing', help: 'Show it once', group: 'additional' },
    daemonize: {
      short: 'd',
      takes: 'nothing',
      help: 'Go to the background and keep the file of --output-to up to date',
      group: 'additional',
    },
    'pid-file': {
      short: 'p',
      takes: 'value',
      valueName: 'FILE',
      help: 'With --daemonize: write the number of the process there',
      group: 'additional',
    },
    'xml-file': { short: 'x', takes: 'value', valueName: 'FILE', help: 'Use a CIB in a file', hidden: true },
    'as-html': {
      short: 'h',
      takes: 'value',
      valueName: 'FILE',
      help: 'Write a page to this file (use --output-as=html --output-to=FILE)',
      group: 'deprecated',
    },
    'as-xml': {
      short: 'X',
      takes: 'nothing',
      help: 'Show it once as XML in its old form (use --output-as=xml)',
      group: 'deprecated',
    },
    'disable-ncurses': {
      short: 'N',
      takes: 'nothing',
      help: 'Use no terminal functions (use --output-as=text)',
      group: 'deprecated',
    },
  },
  notes: [
    'Sections are all, attributes, bans[:PREFIX], counts, dc, default, failcounts, failures, fencing,\n',
    'fencing-failed, fencing-pending, fencing-succeeded, maint-mode, nodes, none, operations, options,\n',
    'resources, stack, summary, tickets and times. --include and --exclude are applied in their order.\n\n',
    'On a terminal and without --one-shot the display follows the cluster; ? shows its keys.\n\n',
    'TIMESPEC is a number of seconds, a number with a unit (ms, s, min, h), or an ISO 8601 duration.\n',
  ].join(''),
});
