import { setTimeout as wait } from 'node:timers/promises';
import { seconds } from '../core/base/time.ts';
import type { ExitCode } from '../core/model/exit-code.ts';
import { parseInterval } from '../core/model/interval.ts';
import { nodeName } from '../core/model/names.ts';
import { attribute, element } from '../core/xml/element.ts';
import { defineCommand, type OptionValues } from './command-line.ts';
import { nodesOf } from './node-list.ts';
import { type Session, withCib, withCluster } from './session.ts';
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
  name: 'crmadmin',
  summary: 'crmadmin - ask the controller about itself and the nodes',
  groups: {
    ...OUTPUT_GROUP,
    command: { title: 'Commands', about: 'command options' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'q', takes: 'nothing', help: 'Print the bare answer' },
    status: {
      short: 'S',
      takes: 'value',
      valueName: 'NODE',
      group: 'command',
      help: "State of the node's controller",
    },
    pacemakerd: {
      short: 'P',
      takes: 'nothing',
      group: 'command',
      help: 'State of the pacemakerd that is asked',
    },
    dc_lookup: {
      short: 'D',
      takes: 'nothing',
      group: 'command',
      help: 'The node whose controller decides for the cluster',
    },
    nodes: {
      short: 'N',
      takes: 'optional-value',
      valueName: 'TYPE',
      group: 'command',
      help: 'Names of the nodes, of all types or of these (comma-separated): all, cluster, guest, remote',
    },
    'bash-export': {
      short: 'B',
      takes: 'nothing',
      group: 'additional',
      help: "Nodes as `export name=id' lines (with -N)",
    },
    timeout: {
      short: 't',
      takes: 'value',
      valueName: 'TIMESPEC',
      group: 'additional',
      help: 'How long to wait for an answer',
    },
    'ipc-name': {
      short: 'i',
      takes: 'value',
      valueName: 'NAME',
      group: 'additional',
      help: 'Name to be known by (with -P)',
    },
  },
});

type Values = OptionValues<typeof definition.options>;

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: ({ values, order }, report, surroundings) => {
    const command = order.findLast(
      name => name === 'status' || name === 'pacemakerd' || name === 'dc_lookup' || name === 'nodes',
    );
    switch (command) {
      case 'nodes':
        return withCib('crmadmin', surroundings, session => nodes(session, report, values));
      case 'dc_lookup':
        return ask(surroundings, session => dc(session, report, values));
      case 'status':
        return ask(surroundings, session => status(session, report, values));
      case 'pacemakerd':
        return ask(surroundings, session => pacemakerd(session, report, values));
      default:
        throw new ToolError('usage', 'error: Must specify a command option', { bare: true });
    }
  },
};

const ask = (surroundings: Surroundings, use: (session: Session) => Promise<ExitCode>): Promise<ExitCode> =>
  withCluster('crmadmin', surroundings, 'controller', use);

async function nodes(session: Session, report: Report, values: Values): Promise<ExitCode> {
  const asked = typeof values.nodes === 'string' ? values.nodes.split(',') : ['all'];
  const wanted = asked.includes('all') ? undefined : asked;
  const found = nodesOf(await session.cib()).filter(
    ({ type }) => wanted === undefined || wanted.includes(type),
  );
  for (const { type, name, id } of found) {
    if (values['bash-export']) report.line(`export ${name}=${id}`);
    else if (values.quiet) report.line(name);
    else report.line(`${type} node: ${name} (${id})`);
  }
  report.xml(
    element(
      'nodes',
      {},
      found.map(node => element('node', { ...node })),
    ),
  );
  return 'ok';
}

async function dc(session: Session, report: Report, { quiet }: Values): Promise<ExitCode> {
  const answer = await session.demand({ kind: 'controller', operation: 'dc' });
  const name = answer === undefined ? undefined : attribute(answer, 'dc');
  if (name === undefined) {
    report.line(quiet ? '' : 'DC not yet elected');
    throw new ToolError('disconnected', 'error: Command failed: Transport endpoint is not connected', {
      bare: true,
    });
  }
  report.line(quiet ? name : `Designated Controller is: ${name}`);
  report.xml(element('dc', { node_name: name }));
  return 'ok';
}

/** How long another node is given to answer. */
const PATIENCE = seconds(30);

async function status(session: Session, report: Report, values: Values): Promise<ExitCode> {
  const { status: node = '', timeout } = values;
  const patience = timeout === undefined ? PATIENCE : (parseInterval(timeout) ?? PATIENCE);
  const reply = await Promise.race([
    session.ask({ kind: 'controller', operation: 'ping', node: nodeName(node) }),
    wait(patience, undefined, { ref: false }),
  ]);
  const state = reply?.ok && reply.output !== undefined ? attribute(reply.output, 'state') : undefined;
  if (state === undefined) {
    throw new ToolError('timeout', 'error: Command failed: Timer expired', { bare: true });
  }
  report.line(`Controller on ${node} in state ${state}: ok`);
  report.xml(element('crmd', { node_name: node, state, result: 'ok' }));
  return 'ok';
}

async function pacemakerd(session: Session, report: Report, { quiet }: Values): Promise<ExitCode> {
  await session.demand({ kind: 'controller', operation: 'ping' });
  report.line(quiet ? 'running' : "Status of pacemakerd: 'Pacemaker is running'");
  report.xml(element('pacemakerd', { sys_from: 'pacemakerd', state: 'running' }));
  return 'ok';
}

if (import.meta.main) void main(tool);
