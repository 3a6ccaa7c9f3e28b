import type { AttributeRequest } from '../core/messages/client.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseInterval } from '../core/model/interval.ts';
import { nodeName } from '../core/model/names.ts';
import { attribute, element } from '../core/xml/element.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { type Session, withCluster } from './session.ts';
import { COMMON_OPTIONS, main, OUTPUT_GROUP, type Report, type Tool, ToolError } from './tool.ts';

const definition = defineCommand({
  name: 'attrd_updater',
  summary: 'attrd_updater - show and change node attributes at the attribute manager',
  groups: {
    ...OUTPUT_GROUP,
    required: { title: 'Required Arguments', about: 'required arguments' },
    command: { title: 'Command', about: 'command options (one at a time)' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    name: { short: 'n', takes: 'value', valueName: 'NAME', group: 'required', help: 'Name of the attribute' },
    pattern: {
      short: 'P',
      takes: 'value',
      valueName: 'PATTERN',
      group: 'required',
      help: 'All attributes whose names match (with -U, -B, -Y, -D)',
    },
    update: {
      short: 'U',
      takes: 'value',
      valueName: 'VALUE',
      group: 'command',
      help: 'Set the value; a change also goes to the cluster configuration',
      aliases: ['v'],
    },
    'update-both': {
      short: 'B',
      takes: 'value',
      valueName: 'VALUE',
      group: 'command',
      help: 'Set the value and the time to wait for further changes (needs --delay)',
    },
    'update-delay': {
      short: 'Y',
      takes: 'nothing',
      group: 'command',
      help: 'Set the time to wait for further changes (needs --delay)',
    },
    query: { short: 'Q', takes: 'nothing', group: 'command', help: 'Show the value' },
    delete: { short: 'D', takes: 'nothing', group: 'command', help: 'Unset the attribute' },
    refresh: {
      short: 'R',
      takes: 'nothing',
      group: 'command',
      help: '(Advanced) Have all present values written again',
    },
    delay: {
      short: 'd',
      takes: 'value',
      valueName: 'SECONDS',
      group: 'additional',
      help: 'How long to wait for further changes before writing',
    },
    set: {
      short: 's',
      takes: 'value',
      valueName: 'SET',
      group: 'additional',
      help: '(Advanced) Id of the set in which a new attribute is written',
    },
    node: {
      short: 'N',
      takes: 'value',
      valueName: 'NODE',
      group: 'additional',
      help: 'The attribute of this node instead of this one',
      aliases: ['h'],
    },
    all: { short: 'A', takes: 'nothing', group: 'additional', help: 'The values of all nodes (with -Q)' },
    lifetime: {
      short: 'l',
      takes: 'value',
      valueName: 'SECTION',
      group: 'additional',
      help: 'Accepted, without effect',
      aliases: ['S'],
    },
    private: {
      short: 'p',
      takes: 'nothing',
      group: 'additional',
      help: 'A new attribute is never written to the CIB',
    },
    wait: {
      short: 'W',
      takes: 'value',
      valueName: 'UNTIL',
      group: 'additional',
      help: 'Accepted: an update has always reached the whole cluster',
    },
    quiet: { short: 'q', takes: 'nothing', hidden: true, help: 'Accepted, without effect' },
  },
});

type Values = OptionValues<typeof definition.options>;

const COMMANDS = ['update', 'update-both', 'update-delay', 'query', 'delete', 'refresh'] as const;
type Command = (typeof COMMANDS)[number];

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: ({ values, order }, report, surroundings) => {
    const last = order.findLast(name => COMMANDS.some(one => one === name));
    const command = COMMANDS.find(one => one === last) ?? 'query';
    if (values.name === undefined && values.pattern === undefined && command !== 'refresh') {
      throw new ToolError('usage', 'Command requires --name argument');
    }
    if (
      values.pattern !== undefined &&
      (values.name !== undefined || command === 'query' || command === 'refresh')
    ) {
      throw new ToolError('usage', '--pattern can only be used with -U, -B, -Y and -D, and without --name');
    }
    if ((command === 'update-both' || command === 'update-delay') && values.delay === undefined) {
      throw new ToolError('usage', `--${command} requires --delay`);
    }
    const request = requestOf(command, values, surroundings.environment.OCF_RESKEY_CRM_meta_on_node);
    return withCluster('attrd_updater', surroundings, 'attrd', session =>
      command === 'query' ? query(session, report, request) : change(session, request),
    );
  },
};

function requestOf(operation: Command, values: Values, onNode: string | undefined): AttributeRequest {
  const { name, pattern, delay, set } = values;
  const value = values['update-both'] ?? values.update;
  const dampening = delay === undefined ? undefined : parseInterval(delay);
  if (delay !== undefined && dampening === undefined) throw new ToolError('usage', `Invalid delay: ${delay}`);
  const node = values.node ?? onNode;
  return {
    kind: 'attribute',
    operation,
    ...(name === undefined ? {} : { name }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(value === undefined ? {} : { value }),
    ...(dampening === undefined ? {} : { dampening }),
    ...(set === undefined ? {} : { set }),
    ...(values.all ? { node: 'all' } : node === undefined ? {} : { node: nodeName(node) }),
    ...(values.private ? { private: true } : {}),
  };
}

async function change(session: Session, request: AttributeRequest): Promise<ExitCode> {
  await session.demand(request);
  return 'ok';
}

async function query(session: Session, report: Report, request: AttributeRequest): Promise<ExitCode> {
  const reply = await session.ask(request);
  if (!reply.ok && reply.refusal === 'no-such-object') {
    throw new ToolError(
      'no-such-object',
      `Could not query value of ${request.name}: attribute does not exist`,
    );
  }
  const found = reply.ok ? reply.output : await session.demand(request);
  for (const one of found?.children ?? []) {
    const facts = {
      name: attribute(one, 'name'),
      host: attribute(one, 'host'),
      value: attribute(one, 'value'),
    };
    report.line(`name="${facts.name}" host="${facts.host}" value="${facts.value}"`);
    report.xml(element('attribute', { name: facts.name, value: facts.value, host: facts.host }));
  }
  return 'ok';
}

if (import.meta.main) void main(tool);
