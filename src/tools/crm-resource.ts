import type { ExitCode } from '../core/model/exit-code.ts';
import { unpack } from '../core/status/unpack.ts';
import {
  type Asked,
  listAgents,
  listAlternatives,
  listProviders,
  listStandards,
  showMetadata,
} from './resource/agents.ts';
import { fail, forget } from './resource/cleanup.ts';
import { constraints } from './resource/constraints.ts';
import { definition, type Options, type Values } from './resource/definition.ts';
import { digests } from './resource/digests.ts';
import { type ForcedAction, forceAction, forceDescribed, pairsOf } from './resource/force.ts';
import { ban, clear, move } from './resource/location.ts';
import { operations } from './resource/operations.ts';
import { deleteParameter, deleteResource, setParameter } from './resource/parameter.ts';
import { getParameter, list, listRaw, locate, queryXml } from './resource/query.ts';
import { restart, waitUntilSettled } from './resource/settle.ts';
import { why, whyAction } from './resource/why.ts';
import type { Work } from './resource/work.ts';
import { timeOfCommand, withCib } from './session.ts';
import { main, type Tool, ToolError } from './tool.ts';
import { NO_JSON } from './why/answer.ts';

type Perform = (work: Work) => ExitCode | Promise<ExitCode>;
type Overriding = (work: Work, overrides: Readonly<Record<string, string>>) => ExitCode | Promise<ExitCode>;

/** Commands that need the CIB, by their option. */
const COMMANDS: Readonly<Partial<Record<keyof Options, Perform>>> = {
  list,
  'list-raw': listRaw,
  'list-operations': work => operations(work, { all: false }),
  'list-all-operations': work => operations(work, { all: true }),
  locate,
  'query-xml': work => queryXml(work, { raw: false }),
  'query-xml-raw': work => queryXml(work, { raw: true }),
  'get-parameter': getParameter,
  constraints: work => constraints(work, { recursive: work.values.recursive }),
  stack: work => constraints(work, { recursive: true }),
  why,
  'why-action': whyAction,
  'set-parameter': setParameter,
  'delete-parameter': deleteParameter,
  move,
  ban,
  clear,
  cleanup: work => forget(work, { failuresOnly: true }),
  refresh: work => forget(work, { failuresOnly: false }),
  delete: deleteResource,
  fail,
  restart,
  wait: waitUntilSettled,
};

/** Commands that run an agent here, and what they have it do. */
const FORCED: Readonly<Partial<Record<keyof Options, ForcedAction>>> = {
  validate: 'validate-all',
  'force-start': 'start',
  'force-stop': 'stop',
  'force-promote': 'promote',
  'force-demote': 'demote',
  'force-check': 'monitor',
};

/** Commands whose operands are parameters in the place of those of the configuration. */
function overridingOf(name: keyof Options): Overriding | undefined {
  const action = FORCED[name];
  if (name === 'digests') return digests;
  return action === undefined ? undefined : (work, overrides) => forceAction(work, action, overrides);
}

/** Commands that look at this host alone. */
const OF_THIS_HOST = {
  'list-standards': listStandards,
  'list-ocf-providers': listProviders,
  'list-ocf-alternatives': listAlternatives,
  'list-agents': listAgents,
  'show-metadata': showMetadata,
} as const;

const isOfThisHost = (name: string): name is keyof typeof OF_THIS_HOST => name in OF_THIS_HOST;

export const tool: Tool<Options> = {
  definition,
  formats: ['text', 'xml', 'json', 'none'],
  perform: ({ values, order, operands }, report, surroundings) => {
    // Of several commands the last one holds; without any, all resources are listed.
    const isCommand = (name: keyof Options) =>
      COMMANDS[name] !== undefined || overridingOf(name) !== undefined || isOfThisHost(name);
    const chosen = order.findLast(isCommand) ?? 'list';
    if (report.format === 'json' && chosen !== 'why' && chosen !== 'why-action') throw NO_JSON;
    const overriding = overridingOf(chosen);
    const overrides = overriding === undefined ? {} : pairsOf(operands);
    if (overriding === undefined) refuseOperands(operands);
    if (describes(values)) return described({ report, values, surroundings }, chosen, overrides);
    if (isOfThisHost(chosen)) return OF_THIS_HOST[chosen]({ report, values, surroundings });
    return withCib('crm_resource', surroundings, async session => {
      const cib = await session.cib();
      const picture = unpack({ cib, now: timeOfCommand() });
      const work = { session, report, values, surroundings, cib, picture };
      return overriding === undefined ? (COMMANDS[chosen] ?? list)(work) : overriding(work, overrides);
    });
  },
};

function refuseOperands(operands: readonly string[]): void {
  if (operands.length === 0) return;
  const each = operands.map((word, at) => `[${at + 1} of ${operands.length}] ${word}\n`);
  throw new ToolError('usage', `non-option ARGV-elements:\n${each.join('')}`);
}

/** Whether the command line says what the resource is, instead of the configuration. */
const describes = (values: Values): boolean =>
  values.class !== undefined || values.provider !== undefined || values.agent !== undefined;

function described(
  asked: Asked,
  chosen: keyof Options,
  overrides: Readonly<Record<string, string>>,
): Promise<ExitCode> {
  if (asked.values.resource !== undefined) {
    throw new ToolError('usage', '--resource cannot be used with --class, --agent, and --provider');
  }
  const action = FORCED[chosen];
  if (action === undefined) {
    throw new ToolError(
      'usage',
      '--class, --agent, and --provider can only be used with --validate and --force-*',
    );
  }
  return forceDescribed(asked, action, overrides);
}

if (import.meta.main) void main(tool);
