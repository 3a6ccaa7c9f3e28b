/** The level `node`: to take nodes out of service and back, and look at them. */
import type { FencerRequest } from '../../core/messages/client.ts';
import { nodeName } from '../../core/model/names.ts';
import { attribute, attributePairs, childrenNamed } from '../../core/xml/element.ts';
import { withAttributeValue } from '../language/attributes.ts';
import { type CrmObject, objectsOf } from '../language/objects.ts';
import type { Command, Level } from '../shell/command.ts';
import type { Session } from '../shell/session.ts';
import { changeConfiguration } from './change.ts';
import { exitOfTool, runTool } from './tool.ts';
import { valueCommand } from './value-command.ts';

const nodeObjects = async (session: Session): Promise<readonly CrmObject[]> => {
  const cib = await session.cib();
  return cib === undefined ? [] : objectsOf(cib).filter(object => object.kind === 'node');
};

const nodes = async (session: Session): Promise<readonly string[]> =>
  (await nodeObjects(session)).map(object => object.id);

/** Name of the node that this session is connected to. */
async function localNode(session: Session): Promise<string | undefined> {
  const reply = await session.ask({ kind: 'controller', operation: 'who-am-i' });
  if (!reply.ok || reply.output === undefined) return undefined;
  return attribute(reply.output, 'uname') ?? attribute(reply.output, 'name');
}

/** The nodes that are named, all with `--all`, and else this one. */
async function chosen(session: Session, words: readonly string[]): Promise<readonly string[] | undefined> {
  const known = await nodes(session);
  const named = words.includes('--all') ? known : words.filter(word => !word.startsWith('-'));
  if (named.length > 0) {
    const stranger = named.find(name => !known.includes(name));
    if (stranger === undefined) return named;
    session.error(`there is no node ${stranger}`);
    return undefined;
  }
  const local = await localNode(session);
  if (local !== undefined) return [local];
  session.error('name a node: this session has none of its own');
  return undefined;
}

/** Sets a lasting attribute of nodes, or takes it away. */
const attributeCommand = (options: {
  readonly name: string;
  readonly value: string | undefined;
  readonly summary: string;
}): Command => ({
  usage: '[NODE … | --all]',
  summary: options.summary,
  run: async (session, { words }) => {
    const names = await chosen(session, words.slice(1));
    if (names === undefined) return false;
    return changeConfiguration(session, cib => {
      let changed = cib;
      for (const object of names) {
        const place = { kind: 'node', object, set: 'instance_attributes', name: options.name } as const;
        changed = withAttributeValue(changed, place, options.value);
      }
      return changed;
    });
  },
  complete: async session => ['--all', ...(await nodes(session))],
});

const LIFETIMES = ['reboot', 'forever'];

export const NODE_LEVEL: Level = {
  name: 'node',
  summary: 'the nodes: standby, maintenance, fencing, attributes',
  commands: {
    show: {
      usage: '[NODE]',
      summary: 'show nodes with their attributes',
      aliases: ['list', 'status'],
      run: (session, { words }) => show(session, words[1]),
      complete: nodes,
    },
    standby: {
      usage: '[NODE … | --all] [reboot | forever]',
      summary: 'let nothing run on a node',
      help: 'With "reboot" it ends when the node leaves the cluster; with "forever", the default, when it is put online.',
      run: async (session, { words }) => {
        const lifetime = words.findLast(word => LIFETIMES.includes(word)) ?? 'forever';
        const names = await chosen(
          session,
          words.slice(1).filter(word => !LIFETIMES.includes(word)),
        );
        if (names === undefined) return false;
        if (lifetime === 'reboot') return setTransient(session, names, { name: 'standby', value: 'on' });
        return standby(session, names, 'on');
      },
      complete: async session => ['--all', ...LIFETIMES, ...(await nodes(session))],
    },
    online: {
      usage: '[NODE … | --all]',
      summary: 'let resources run on a node again',
      run: async (session, { words }) => {
        const names = await chosen(session, words.slice(1));
        return names !== undefined && standby(session, names, 'off');
      },
      complete: async session => ['--all', ...(await nodes(session))],
    },
    maintenance: attributeCommand({
      name: 'maintenance',
      value: 'true',
      summary: 'leave everything on a node as it is: nothing is started, stopped or monitored',
    }),
    ready: attributeCommand({ name: 'maintenance', value: 'false', summary: 'end maintenance of a node' }),
    fence: {
      usage: 'NODE',
      summary: 'cut a node off: its fence device resets it',
      run: async (session, { words }) => {
        const name = words[1];
        if (name === undefined) return session.error('usage: fence NODE');
        if (!(await session.confirm(`Fencing ${name} ends all that runs on it. Go on`))) {
          return session.error('not fenced; -F goes on without a question');
        }
        return askFencer(session, {
          kind: 'fencer',
          operation: 'fence',
          target: nodeName(name),
          action: 'reboot',
        });
      },
      complete: nodes,
    },
    clearstate: {
      usage: 'NODE',
      summary: 'declare that a node is down: nothing of it can run',
      run: async (session, { words }) => {
        const name = words.slice(1).find(word => !word.startsWith('-'));
        if (name === undefined) return session.error('usage: clearstate NODE');
        if (!(await session.confirm(`If ${name} is not really down, data can be lost. Is it down`))) {
          return session.error('nothing was declared; -F goes on without a question');
        }
        return askFencer(session, { kind: 'fencer', operation: 'confirm', target: nodeName(name) });
      },
      complete: nodes,
    },
    delete: {
      usage: 'NODE',
      summary: 'remove a node from the cluster',
      run: async (session, { words }) => {
        const name = words[1];
        if (name === undefined) return session.error('usage: delete NODE');
        return runTool(session, 'crm_node', ['--force', '--remove', name]);
      },
      complete: nodes,
    },
    attribute: valueCommand({
      set: 'instance_attributes',
      what: 'lasting attribute',
      ids: nodes,
      nodes: true,
    }),
    utilization: valueCommand({ set: 'utilization', what: 'capacity', ids: nodes, nodes: true }),
    'status-attr': {
      usage: 'NODE {set NAME VALUE | delete NAME | show NAME}',
      summary: 'show, set or delete an attribute that ends with the node leaving the cluster',
      run: async (session, { words }) => {
        const [, node, verb, name, value] = words;
        if (node === undefined || name === undefined)
          return session.error('usage: status-attr NODE {set NAME VALUE | delete NAME | show NAME}');
        const where = ['--name', name, '--node', node];
        if (verb === 'show')
          return runTool(session, 'crm_attribute', ['--lifetime', 'reboot', ...where, '--query']);
        if (verb === 'delete') return runTool(session, 'attrd_updater', [...where, '--delete']);
        return setTransient(session, [node], { name, value: value ?? '' });
      },
      complete: nodes,
    },
    server: {
      usage: '[NODE …]',
      summary: 'show by which address a node is reached',
      run: (session, { words }) => server(session, words.slice(1)),
      complete: nodes,
    },
  },
};

async function askFencer(session: Session, request: FencerRequest): Promise<boolean> {
  const reply = await session.ask(request);
  if (!reply.ok && reply.refusal === 'not-connected') {
    await session.close();
    return session.error('the connection ended before the answer: it may have led to that very node');
  }
  if (!reply.ok) return session.error(`the fencer refused it: ${reply.message}`);
  if (!session.options.wait) return true;
  return (await import('./settle.ts')).waitUntilSettled(session);
}

/** The lasting standby; an end of it ends the one until the next reboot too. */
async function standby(session: Session, names: readonly string[], value: 'on' | 'off'): Promise<boolean> {
  const ok = await changeConfiguration(session, cib => {
    let changed = cib;
    for (const object of names) {
      changed = withAttributeValue(
        changed,
        { kind: 'node', object, set: 'instance_attributes', name: 'standby' },
        value,
      );
    }
    return changed;
  });
  if (!ok || value === 'on') return ok;
  for (const node of names) {
    // Without daemons (a CIB in a file) there is no such attribute to delete.
    await session.ask({ kind: 'attribute', operation: 'delete', name: 'standby', node: nodeName(node) });
  }
  return true;
}

async function setTransient(
  session: Session,
  names: readonly string[],
  { name, value }: { readonly name: string; readonly value: string },
): Promise<boolean> {
  for (const node of names) {
    const code = await exitOfTool(session, 'attrd_updater', [
      '--name',
      name,
      '--update',
      value,
      '--node',
      node,
    ]);
    if (code !== 0) return false;
  }
  return true;
}

async function show(session: Session, only: string | undefined): Promise<boolean> {
  const objects = (await nodeObjects(session)).filter(object => only === undefined || object.id === only);
  if (only !== undefined && objects.length === 0) return session.error(`there is no node ${only}`);
  for (const { id, element } of objects) {
    const number = attribute(element, 'id');
    const kind = attribute(element, 'type') ?? 'member';
    session.line(
      `${id}${number === undefined || number === id ? '' : `(${number})`}: ${kind === 'normal' ? 'member' : kind}`,
    );
    for (const set of element.children) {
      for (const pair of childrenNamed(set, 'nvpair')) {
        session.line(`\t${attribute(pair, 'name')}=${attribute(pair, 'value')}`);
      }
    }
  }
  return true;
}

async function server(session: Session, names: readonly string[]): Promise<boolean> {
  const cib = await session.cib();
  if (cib === undefined) return false;
  const objects = objectsOf(cib);
  for (const name of names.length > 0 ? names : await nodes(session)) {
    const remote = objects.find(object => object.kind === 'primitive' && object.id === name);
    const address = [...(remote?.element.children ?? [])]
      .flatMap(set => childrenNamed(set, 'nvpair'))
      .find(pair => ['server', 'addr'].includes(attribute(pair, 'name') ?? ''));
    session.line(address === undefined ? name : (attribute(address, 'value') ?? name));
  }
  return [...attributePairs(cib)].length > 0;
}
