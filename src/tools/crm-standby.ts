import type { ExitCode } from '../core/model/exit-code.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { tool as crmAttribute } from './crm-attribute.ts';
import { COMMON_OPTIONS, main, OUTPUT_GROUP, run, type Surroundings, type Tool, ToolError } from './tool.ts';

const definition = defineCommand({
  name: 'crm_standby',
  summary: 'crm_standby - show and change whether a node is on standby, that is, may host resources',
  groups: {
    ...OUTPUT_GROUP,
    command: { title: 'Commands', about: 'command options' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'q', takes: 'nothing', help: 'Print the value alone', aliases: ['Q'] },
    query: {
      short: 'G',
      takes: 'nothing',
      group: 'command',
      help: 'Show whether the node is on standby',
      aliases: ['get-value'],
    },
    update: {
      short: 'v',
      takes: 'value',
      group: 'command',
      help: 'Put it on standby (on) or not (off)',
      aliases: ['attr-value'],
    },
    delete: {
      short: 'D',
      takes: 'nothing',
      group: 'command',
      help: 'Forget what was set',
      aliases: ['delete-attr'],
    },
    node: {
      short: 'N',
      takes: 'value',
      valueName: 'NODE',
      group: 'additional',
      help: 'This node instead of the one that is asked',
      aliases: ['U', 'uname'],
    },
    lifetime: { short: 'l', takes: 'value', group: 'additional', help: 'How long it holds: reboot, forever' },
    id: {
      short: 'i',
      takes: 'value',
      group: 'additional',
      help: '(Advanced) Id of the attribute in the CIB',
      aliases: ['attr-id'],
    },
  },
});

type Values = OptionValues<typeof definition.options>;
type Lifetime = 'reboot' | 'forever';

/** `crm_attribute` under another name, for one attribute that may be set for two lifetimes. */
export const tool: Tool<typeof definition.options> = {
  definition,
  formats: ['text'],
  perform: ({ values }, _, surroundings) => {
    const { lifetime } = values;
    if (lifetime !== undefined && lifetime !== 'reboot' && lifetime !== 'forever') {
      throw new ToolError('usage', `Invalid lifetime: ${lifetime}`);
    }
    if (values.update !== undefined) {
      return attributeTool(values, surroundings, lifetime ?? 'forever', ['-v', values.update]);
    }
    if (values.delete) return remove(values, surroundings, lifetime);
    return query(values, surroundings, lifetime);
  },
};

async function remove(
  values: Values,
  surroundings: Surroundings,
  lifetime: Lifetime | undefined,
): Promise<ExitCode> {
  if (lifetime !== undefined) return attributeTool(values, surroundings, lifetime, ['-D']);
  const forever = await attributeTool(values, surroundings, 'forever', ['-D']);
  return forever === 'ok' ? attributeTool(values, surroundings, 'reboot', ['-D']) : forever;
}

async function query(
  values: Values,
  surroundings: Surroundings,
  lifetime: Lifetime | undefined,
): Promise<ExitCode> {
  if (lifetime !== undefined) return attributeTool(values, surroundings, lifetime, ['-G', '-d', 'off']);
  // What holds for ever outweighs what holds until reboot; only where neither is set is the answer made up.
  const silent = { ...surroundings, err: () => undefined };
  const forever = await attributeTool(values, silent, 'forever', ['-G']);
  return forever === 'ok' ? 'ok' : attributeTool(values, surroundings, 'reboot', ['-G', '-d', 'off']);
}

const attributeTool = (
  { node, id, quiet }: Values,
  surroundings: Surroundings,
  lifetime: Lifetime,
  command: readonly string[],
): Promise<ExitCode> => {
  const where = lifetime === 'forever' ? ['-t', 'nodes'] : ['-t', 'status'];
  const rest = [
    ...(node === undefined ? [] : ['-N', node]),
    ...(id === undefined ? [] : ['-i', id]),
    ...(quiet ? ['-q'] : []),
  ];
  return run(crmAttribute, { ...surroundings, words: ['-n', 'standby', ...where, ...command, ...rest] });
};

if (import.meta.main) void main(tool);
