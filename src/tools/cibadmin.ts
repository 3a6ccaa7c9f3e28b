import { exitOfRefusal } from '../client/refusal.ts';
import type { CibOperation } from '../core/cib/call.ts';
import { digestOnDisk, digestOnWire } from '../core/cib/digest.ts';
import { emptyCib } from '../core/cib/empty.ts';
import { isSection } from '../core/cib/sections.ts';
import type { CibRequest, ClientReply } from '../core/messages/client.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { FEATURE_SET } from '../core/model/version.ts';
import { COMMENT, idOf, type XmlElement } from '../core/xml/element.ts';
import { printXml } from '../core/xml/print.ts';
import { select, type TreePath } from '../core/xml/select.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { buildText } from './help.ts';
import { type Session, withCib } from './session.ts';
import { COMMON_OPTIONS, main, OUTPUT_GROUP, type Report, type Tool, ToolError } from './tool.ts';
import { readInput } from './xml-input.ts';

function command(short: string, help: string) {
  return { short, takes: 'nothing', group: 'commands', help } as const;
}

const definition = defineCommand({
  name: 'cibadmin',
  summary: 'cibadmin - query and edit the Pacemaker configuration',
  groups: {
    ...OUTPUT_GROUP,
    commands: { title: 'Commands', about: 'command help' },
    data: { title: 'Data', about: 'data help' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    features: { short: '!', takes: 'nothing', help: 'Show version and features and exit', hidden: true },
    upgrade: command('u', 'Bring the configuration to the newest schema (needs --force)'),
    query: command('Q', 'Print the CIB or a part of it'),
    erase: command('E', 'Empty the whole CIB (needs --force)'),
    bump: command('B', 'Raise the epoch by 1'),
    create: command('C', 'Add an element; fails if it is there'),
    modify: command('M', 'Merge into an element; fails if it is not there, unless -c is given'),
    patch: command('P', 'Apply a patchset'),
    replace: command('R', 'Put an element in the place of the one of its name and id'),
    delete: command('D', 'Remove the first element with this name and all of these attributes'),
    'delete-all': command('d', 'With --xpath, remove all that match (needs --force)'),
    empty: {
      short: 'a',
      takes: 'optional-value',
      valueName: 'SCHEMA',
      group: 'commands',
      help: 'Print an empty CIB',
    },
    'md5-sum': command('5', 'Print the digest that the input has on disk'),
    'md5-sum-versioned': command('6', 'Print the digest that the input has between nodes'),
    'xml-text': { short: 'X', takes: 'value', valueName: 'XML', group: 'data', help: 'Input: this text' },
    'xml-file': { short: 'x', takes: 'value', valueName: 'FILE', group: 'data', help: 'Input: this file' },
    'xml-pipe': { short: 'p', takes: 'nothing', group: 'data', help: 'Input: standard input' },
    scope: {
      short: 'o',
      takes: 'value',
      valueName: 'SECTION',
      group: 'additional',
      help: 'Only this section: configuration, nodes, resources, constraints, crm_config, rsc_defaults, op_defaults, acls, fencing-topology, tags, alerts, status',
    },
    xpath: {
      short: 'A',
      takes: 'value',
      valueName: 'XPATH',
      group: 'additional',
      help: 'Only what this finds',
    },
    'node-path': {
      short: 'e',
      takes: 'nothing',
      group: 'additional',
      help: 'With a query by XPath, print the paths of what was found',
    },
    'no-children': { short: 'n', takes: 'nothing', group: 'additional', help: 'Without what is below' },
    'allow-create': { short: 'c', takes: 'nothing', group: 'additional', help: 'Let --modify create' },
    force: { short: 'f', takes: 'nothing', group: 'additional', help: 'Do what is dangerous' },
    local: { short: 'l', takes: 'nothing', group: 'additional', help: "The asked node's own copy" },
    timeout: { short: 't', takes: 'value', valueName: 'SECONDS', group: 'additional', help: 'Wait so long' },
    user: { short: 'U', takes: 'value', group: 'additional', help: 'With the rights of this user' },
    'show-access': {
      short: 'S',
      takes: 'optional-value',
      group: 'additional',
      help: 'Mark what the user may see and change',
      hidden: true,
    },
    'sync-call': { short: 's', takes: 'nothing', help: 'Accepted, without effect', hidden: true },
    score: { takes: 'nothing', help: 'Accepted, without effect', hidden: true },
    node: { short: 'N', takes: 'value', help: 'Accepted, without effect', hidden: true },
  },
});

type Values = OptionValues<typeof definition.options>;

const COMMANDS = [
  'upgrade',
  'query',
  'erase',
  'bump',
  'create',
  'modify',
  'patch',
  'replace',
  'delete',
  'delete-all',
  'empty',
  'md5-sum',
  'md5-sum-versioned',
] as const;

const DANGEROUS: ReadonlySet<string> = new Set(['upgrade', 'erase', 'delete-all']);

/** Commands that look at what was given. */
const TAKING_INPUT: ReadonlySet<string> = new Set(['create', 'modify', 'patch', 'replace', 'delete']);

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: (line, report, surroundings) => {
    const { values, order, operands } = line;
    if (operands.length > 0) throw new ToolError('usage', `non-option ARGV-elements: ${operands.join(' ')}`);
    const chosen = COMMANDS.find(
      one => one === order.findLast(name => COMMANDS.some(known => known === name)),
    );
    if (DANGEROUS.has(chosen ?? '') && !values.force) {
      throw new ToolError(
        'unsafe',
        'The supplied command is considered dangerous.  To prevent accidental destruction of the cluster, the --force flag is required in order to proceed.',
        { bare: true },
      );
    }
    if (values.features) {
      report.text(buildText(FEATURE_SET));
      return 'ok';
    }
    switch (chosen) {
      case 'empty':
        return printEmpty(report, values.empty);
      case 'md5-sum':
      case 'md5-sum-versioned':
        return printDigest(report, values, chosen);
      default:
        return withCib('cibadmin', surroundings, session => ask(session, report, values, chosen ?? 'query'));
    }
  },
};

function printEmpty(report: Report, schema: string | true | undefined): ExitCode {
  const cib = emptyCib({ epoch: 1, ...(typeof schema === 'string' ? { schema } : {}) });
  return printDocument(report, cib);
}

function printDocument(report: Report, document: XmlElement): ExitCode {
  report.text(printXml(document, { pretty: true }));
  report.xml(document);
  return 'ok';
}

function printDigest(report: Report, values: Values, which: 'md5-sum' | 'md5-sum-versioned'): ExitCode {
  const input = demandedInput(values);
  if (input === undefined) {
    throw new ToolError('usage', 'Please supply XML to process with -X, -x or -p', { bare: true });
  }
  if (which === 'md5-sum') {
    report.error('Digest: ', { bare: true });
    report.line(digestOnDisk(input));
  } else {
    report.error(`Versioned (${FEATURE_SET}) digest: `, { bare: true });
    report.line(digestOnWire(input));
  }
  return 'ok';
}

function demandedInput(values: Values): XmlElement | undefined {
  const input = readInput(values);
  if (input === undefined || input.parsed.ok) return input?.parsed.ok ? input.parsed.root : undefined;
  throw new ToolError('config', `Couldn't parse input from ${input.place}.`, { bare: true });
}

async function ask(
  session: Session,
  report: Report,
  values: Values,
  operation: CibOperation,
): Promise<ExitCode> {
  const { scope, xpath } = values;
  if (scope !== undefined && scope !== 'cib' && !isSection(scope)) {
    throw new ToolError('usage', `Invalid value "${scope}" for -o/--scope`);
  }
  if (operation === 'query' && values['node-path'] && xpath !== undefined) {
    return printPaths(report, await session.cib(), xpath);
  }
  const reply = await session.ask(requestFor(values, operation));
  if (!reply.ok) return sayRefused(report, reply);
  if (reply.output !== undefined) printDocument(report, reply.output);
  return 'ok';
}

function requestFor(values: Values, operation: CibOperation): CibRequest {
  const { scope, xpath, force, local } = values;
  const input = TAKING_INPUT.has(operation) ? demandedInput(values) : undefined;
  return {
    kind: 'cib',
    operation,
    ...(xpath === undefined ? (scope === undefined ? {} : { section: scope }) : { xpath }),
    ...(input === undefined ? {} : { input }),
    ...(values['no-children'] ? { noChildren: true } : {}),
    ...(values['allow-create'] ? { allowCreate: true } : {}),
    ...(force ? { force } : {}),
    ...(local ? { local } : {}),
  };
}

function sayRefused(report: Report, reply: Extract<ClientReply, { readonly ok: false }>): ExitCode {
  report.error(`Call failed: ${reply.message}`, { bare: true });
  for (const { element, tag, message } of reply.problems ?? []) {
    const where = element === undefined ? (tag ?? 'cib') : `${tag ?? 'element'} ${element}`;
    report.error(`  ${where}: ${message}`, { bare: true });
  }
  if (reply.output !== undefined) printDocument(report, reply.output);
  return exitOfRefusal(reply.refusal);
}

function printPaths(report: Report, cib: XmlElement, xpath: string): ExitCode {
  const selection = select(cib, xpath);
  if (!selection.ok || selection.matches.length === 0) {
    report.error('Call failed: No such device or address', { bare: true });
    return 'no-such-object';
  }
  for (const { path } of selection.matches) report.line(printPath(cib, path));
  return 'ok';
}

function printPath(cib: XmlElement, path: TreePath): string {
  let printed = `/${cib.name}`;
  let at = cib;
  for (const index of path) {
    at = at.children[index] as XmlElement;
    const id = idOf(at);
    printed += at.name === COMMENT ? '/comment()' : `/${at.name}${id === undefined ? '' : `[@id='${id}']`}`;
  }
  return printed;
}

if (import.meta.main) void main(tool);
