import type { ExitCode } from '../core/model/exit-code.ts';
import { nodeName } from '../core/model/names.ts';
import { attribute, childrenNamed, element, type XmlElement } from '../core/xml/element.ts';
import { defineCommand } from './command-line.ts';
import { type Session, withCluster } from './session.ts';
import { COMMON_OPTIONS, main, OUTPUT_GROUP, type Report, type Tool, ToolError } from './tool.ts';

const command = (short: string, help: string) =>
  ({ short, takes: 'nothing', group: 'commands', help }) as const;

const definition = defineCommand({
  name: 'crm_node',
  summary: 'crm_node - show what the cluster layer knows of nodes',
  groups: {
    ...OUTPUT_GROUP,
    commands: { title: 'Commands', about: 'command help' },
    additional: { title: 'Additional Options', about: 'additional options' },
  },
  options: {
    ...COMMON_OPTIONS,
    quiet: { short: 'Q', takes: 'nothing', help: 'Say less' },
    'cluster-id': command('i', "This node's id in the cluster"),
    list: command('l', 'All nodes that are or were known, with their state'),
    name: command('n', "This node's name in the cluster"),
    partition: command('p', 'The names of the members of this partition'),
    quorum: command('q', '1 if this partition has quorum, else 0'),
    'name-for-id': {
      short: 'N',
      takes: 'value',
      valueName: 'ID',
      group: 'commands',
      help: 'The name of the node with this id',
    },
    remove: {
      short: 'R',
      takes: 'value',
      valueName: 'NAME',
      group: 'commands',
      help: 'Forget a node that was stopped and taken out of the cluster layer (needs --force)',
    },
    force: { short: 'f', takes: 'nothing', group: 'additional', help: 'Do what is dangerous' },
    corosync: { short: 'C', takes: 'nothing', hidden: true, help: 'Accepted, without effect' },
  },
});

const COMMANDS = ['cluster-id', 'list', 'name', 'partition', 'quorum', 'name-for-id', 'remove'] as const;

export const tool: Tool<typeof definition.options> = {
  definition,
  perform: async ({ values, order }, report, surroundings) => {
    const chosen = COMMANDS.find(
      one => one === order.findLast(name => COMMANDS.some(known => known === name)),
    );
    if (chosen === undefined) throw new ToolError('usage', 'No command was given');
    // Within an agent the cluster has said it already, for a remote node the name of which it alone knows.
    const onNode = surroundings.environment.OCF_RESKEY_CRM_meta_on_node;
    if (chosen === 'name' && onNode !== undefined) return sayName(report, onNode);
    if (chosen === 'remove' && !values.force) {
      throw new ToolError('usage', 'Removing a node is dangerous: it must be confirmed with --force', {
        bare: true,
      });
    }
    return withCluster('crm_node', surroundings, 'controller', session =>
      perform(session, report, chosen, values['name-for-id'] ?? values.remove ?? ''),
    );
  },
};

async function perform(
  session: Session,
  report: Report,
  chosen: (typeof COMMANDS)[number],
  argument: string,
): Promise<ExitCode> {
  if (chosen === 'remove') {
    await session.demand({ kind: 'controller', operation: 'remove-node', node: nodeName(argument) });
    return 'ok';
  }
  const answer = await session.demand({ kind: 'controller', operation: 'who-am-i' });
  const nodes = answer === undefined ? [] : childrenNamed(answer, 'node');
  const of = (name: string) => (answer === undefined ? '' : (attribute(answer, name) ?? ''));
  switch (chosen) {
    case 'name':
      return sayName(report, of('node'));
    case 'cluster-id':
      report.line(of('id'));
      report.xml(element('node-info', { nodeid: of('id') }));
      return 'ok';
    case 'quorum':
      report.line(of('quorate') === 'true' ? '1' : '0');
      report.xml(element('cluster-info', { quorum: of('quorate') }));
      return 'ok';
    case 'name-for-id':
      return nameForId(report, nodes, argument);
    case 'list':
      return list(report, nodes);
    case 'partition':
      return partition(report, nodes);
  }
}

function sayName(report: Report, name: string): ExitCode {
  report.line(name);
  report.xml(element('node-info', { uname: name }));
  return 'ok';
}

function nameForId(report: Report, nodes: readonly XmlElement[], id: string): ExitCode {
  if (!/^[1-9]\d*$/.test(id)) throw new ToolError('usage', `Invalid node ID: ${id}`);
  const found = nodes.find(node => attribute(node, 'id') === id);
  if (found === undefined) throw new ToolError('no-such-object', `Node ${id} is not known to cluster`);
  return sayName(report, attribute(found, 'name') ?? '');
}

const factsOf = (node: XmlElement) => ({
  id: attribute(node, 'id'),
  name: attribute(node, 'name'),
  state: attribute(node, 'state'),
});

function list(report: Report, nodes: readonly XmlElement[]): ExitCode {
  for (const { id, name, state } of nodes.map(factsOf)) report.line(`${id} ${name} ${state}`);
  report.xml(
    element(
      'nodes',
      {},
      nodes.map(node => element('node', factsOf(node))),
    ),
  );
  return 'ok';
}

function partition(report: Report, nodes: readonly XmlElement[]): ExitCode {
  const members = nodes.map(factsOf).filter(({ state }) => state === 'member');
  report.line(members.map(({ name }) => `${name} `).join(''));
  report.xml(
    element(
      'nodes',
      {},
      members.map(facts => element('node', facts)),
    ),
  );
  return 'ok';
}

if (import.meta.main) void main(tool);
