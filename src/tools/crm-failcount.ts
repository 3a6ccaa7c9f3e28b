import { hostname } from 'node:os';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseInterval } from '../core/model/interval.ts';
import { nodeName, resourceId } from '../core/model/names.ts';
import { addScores, parseScore, printScore, type Score, ZERO } from '../core/model/score.ts';
import { attribute } from '../core/xml/element.ts';
import { nodeNamed, pairsOf } from './attribute-place.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { type Session, withCib } from './session.ts';
import {
  COMMON_OPTIONS,
  main,
  OUTPUT_GROUP,
  type Report,
  type Surroundings,
  type Tool,
  ToolError,
} from './tool.ts';

const definition = defineCommand({
  name: 'crm_failcount',
  summary: 'crm_failcount - show and forget how often a resource has failed',
  groups: {
    ...OUTPUT_GROUP,
    command: { title: 'Commands', about: 'command options' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'q', takes: 'nothing', help: 'Print the value alone' },
    query: { short: 'G', takes: 'nothing', group: 'command', help: 'Show the count', aliases: ['get-value'] },
    delete: {
      short: 'D',
      takes: 'nothing',
      group: 'command',
      help: 'Forget the failures',
      aliases: ['delete-attr'],
    },
    update: {
      short: 'v',
      takes: 'value',
      hidden: true,
      help: 'With 0 the same as --delete',
      aliases: ['attr-value'],
    },
    resource: {
      short: 'r',
      takes: 'value',
      group: 'additional',
      help: 'The resource (required)',
      aliases: ['resource-id'],
    },
    operation: { short: 'n', takes: 'value', group: 'additional', help: 'Failures of this operation alone' },
    interval: {
      short: 'I',
      takes: 'value',
      group: 'additional',
      help: 'Failures of the operation with this interval',
    },
    node: {
      short: 'N',
      takes: 'value',
      valueName: 'NODE',
      group: 'additional',
      help: 'This node instead of the one that is asked',
      aliases: ['U', 'uname'],
    },
    id: { short: 'i', takes: 'value', hidden: true, help: 'Accepted, without effect', aliases: ['attr-id'] },
    lifetime: { short: 'l', takes: 'value', hidden: true, help: 'Accepted, without effect' },
  },
});

type Values = OptionValues<typeof definition.options>;

export const tool: Tool<typeof definition.options> = {
  definition,
  formats: ['text'],
  perform: ({ values }, report, surroundings) => {
    const { resource, update } = values;
    const forgets = values.delete || update === '0';
    if (resource === undefined) throw new ToolError('usage', 'error: resource name required', { bare: true });
    if (!forgets && !values.query) {
      if (update !== undefined)
        report.error("warning: ignoring deprecated option '-v' with nonzero value", { bare: true });
      throw new ToolError('usage', 'error: must specify a command', { bare: true });
    }
    return withCib('crm_failcount', surroundings, async session => {
      const node = values.node ?? (await nameHere(session, surroundings));
      return forgets
        ? forget(session, values, node, resource)
        : query(session, report, values, { node, resource });
    });
  },
};

async function nameHere(session: Session, { environment }: Surroundings): Promise<string> {
  const given = environment.OCF_RESKEY_CRM_meta_on_node;
  if (given !== undefined) return given;
  if (session.to === 'file') return hostname();
  const answer = await session.demand({ kind: 'controller', operation: 'who-am-i' });
  return (answer === undefined ? undefined : attribute(answer, 'node')) ?? hostname();
}

/** Milliseconds of `--interval`; 0 where there is none. */
function intervalOf({ interval }: Values): number {
  const parsed = parseInterval(interval ?? '0');
  if (parsed === undefined)
    throw new ToolError('usage', `error: Invalid interval: ${interval}`, { bare: true });
  return parsed;
}

async function forget(session: Session, values: Values, node: string, resource: string): Promise<ExitCode> {
  const { operation } = values;
  const interval = parseInterval(values.interval ?? '0');
  await session.demand({
    kind: 'controller',
    operation: 'refresh',
    failuresOnly: true,
    resource: resourceId(resource),
    node: nodeName(node),
    ...(operation === undefined ? {} : { failedOperation: operation }),
    ...(operation === undefined || interval === undefined ? {} : { interval }),
  });
  return 'ok';
}

interface Subject {
  readonly node: string;
  readonly resource: string;
}

async function query(
  session: Session,
  report: Report,
  values: Values,
  { node, resource }: Subject,
): Promise<ExitCode> {
  const cib = await session.cib();
  const found = nodeNamed(cib, node);
  if (found === undefined) throw new ToolError('no-such-object', `Could not map name=${node} to a UUID`);
  const whole = `fail-count-${resource}`;
  const one =
    values.operation === undefined ? undefined : `${whole}#${values.operation}_${intervalOf(values)}`;
  const counts = pairsOf(cib, { scope: 'status', node: found });
  // A count of no operation in particular is what releases before 1.1.17 kept.
  const counted = counts.filter(({ name }) =>
    one === undefined ? name === whole || name.startsWith(`${whole}#`) : name === one,
  );
  const total = counted.reduce((sum: Score, { value }) => addScores(sum, parseScore(value) ?? ZERO), ZERO);
  report.line(
    values.quiet ? printScore(total) : `scope=status  name=${one ?? whole} value=${printScore(total)}`,
  );
  return 'ok';
}

if (import.meta.main) void main(tool);
