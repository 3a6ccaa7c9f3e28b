import type { ExitCode } from '../core/model/exit-code.ts';
import { unpack } from '../core/status/unpack.ts';
import {
  listAgents,
  listAlternatives,
  listProviders,
  listStandards,
  showMetadata,
} from './resource/agents.ts';
import { fail, forget } from './resource/cleanup.ts';
import { constraints } from './resource/constraints.ts';
import { definition, type Options } from './resource/definition.ts';
import { forceAction } from './resource/force.ts';
import { ban, clear, move } from './resource/location.ts';
import { operations } from './resource/operations.ts';
import { deleteParameter, deleteResource, setParameter } from './resource/parameter.ts';
import { getParameter, list, listRaw, locate, queryXml } from './resource/query.ts';
import { restart, waitUntilSettled } from './resource/settle.ts';
import { why } from './resource/why.ts';
import type { Work } from './resource/work.ts';
import { timeOfCommand, withCib } from './session.ts';
import { main, type Tool, ToolError } from './tool.ts';

type Perform = (work: Work) => ExitCode | Promise<ExitCode>;

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
  'force-start': work => forceAction(work, 'start'),
  'force-stop': work => forceAction(work, 'stop'),
  'force-promote': work => forceAction(work, 'promote'),
  'force-demote': work => forceAction(work, 'demote'),
  'force-check': work => forceAction(work, 'monitor'),
};

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
  perform: ({ values, order, operands }, report, surroundings) => {
    if (operands.length > 0) {
      const each = operands.map((word, at) => `[${at + 1} of ${operands.length}] ${word}\n`);
      throw new ToolError('usage', `non-option ARGV-elements:\n${each.join('')}`);
    }
    // Of several commands the last one holds; without any, all resources are listed.
    const chosen = order.findLast(name => COMMANDS[name] !== undefined || isOfThisHost(name)) ?? 'list';
    if (isOfThisHost(chosen)) return OF_THIS_HOST[chosen]({ report, values, surroundings });
    return withCib('crm_resource', surroundings, async session => {
      const cib = await session.cib();
      const picture = unpack({ cib, now: timeOfCommand() });
      const perform = COMMANDS[chosen] ?? list;
      return perform({ session, report, values, surroundings, cib, picture });
    });
  },
};

if (import.meta.main) void main(tool);
