/** Whether the demo's cluster is as it should be, and if not, what is still missing. */
import { get } from 'node:http';
import { openCluster } from '../client/open.ts';
import type { ControllerRequest } from '../core/messages/client.ts';
import { NODE_FOLDER } from '../core/model/places.ts';
import type { Picture, ResourcePicture } from '../core/status/picture.ts';
import { unpack } from '../core/status/unpack.ts';
import { attribute, type XmlElement } from '../core/xml/element.ts';
import { now } from '../host/clock.ts';
import { type Endpoint, type Layout, nodeFolder } from './layout.ts';

const WHO: ControllerRequest = { kind: 'controller', operation: 'who-am-i' };

interface Answer {
  readonly cib: XmlElement;
  readonly controller: XmlElement;
}

/** What one node says, or nothing while it cannot say anything. */
async function ask(folder: string): Promise<Answer | undefined> {
  const opened = await openCluster({ environment: { [NODE_FOLDER]: folder }, name: 'pacemaker-demo' });
  if (!opened.ok) return undefined;
  const { connection } = opened;
  const controller = await connection.ask(WHO);
  const cib = await connection.ask({ kind: 'cib', operation: 'query' });
  connection.close();
  if (!controller.ok || !cib.ok || controller.output === undefined || cib.output === undefined)
    return undefined;
  return { cib: cib.output, controller: controller.output };
}

/** The name of the DC, once a node knows one that knows all nodes. */
export async function designatedController(layout: Layout): Promise<string | undefined> {
  const [first] = layout.nodes;
  const answer = first === undefined ? undefined : await ask(nodeFolder(layout, first));
  if (answer === undefined) return undefined;
  const online = unpack({ cib: answer.cib, now: now() }).nodes.filter(node => node.online && !node.pending);
  return online.length === layout.nodes.length ? attribute(answer.controller, 'dc') : undefined;
}

/** What is not as it should be; nothing when all is. */
export async function missing(layout: Layout, endpoint: Endpoint): Promise<readonly string[]> {
  const dc = await designatedController(layout);
  const node = layout.nodes.find(name => name === dc);
  if (node === undefined) return ['no DC that all nodes have joined'];
  const answer = await ask(nodeFolder(layout, node));
  if (answer === undefined) return [`${node} does not answer`];
  const picture = unpack({ cib: answer.cib, now: now() });
  const state = attribute(answer.controller, 'state');
  return [
    ...(state === 'S_IDLE' ? [] : [`the DC ${node} is at work (${state})`]),
    ...misplaced(picture),
    ...((await serves(endpoint)) ? [] : ['the web server does not answer at its address']),
  ];
}

function misplaced({ nodes, resources }: Picture): readonly string[] {
  const ill = nodes.filter(node => !node.online || node.unclean).map(({ name }) => `${name} is not online`);
  const inactive = resources
    .flatMap(primitives)
    // An instance that only a probe has brought to mind is none that ought to run.
    .filter(one => one.flags.failed || (one.activeOn.length !== 1 && !one.flags.removed))
    .map(({ id }) => `${id} is not running as it should`);
  const promotable = resources.filter(({ flags }) => flags.promotable);
  const unpromoted = promotable
    .filter(one => primitives(one).filter(({ role }) => role === 'Promoted').length !== 1)
    .map(({ id }) => `${id} has not one promoted instance`);
  return [
    ...(promotable.length === 0 ? ['the resources are not there yet'] : []),
    ...ill,
    ...inactive,
    ...unpromoted,
  ];
}

const primitives = (one: ResourcePicture): readonly ResourcePicture[] =>
  one.kind === 'primitive' ? [one] : one.children.flatMap(primitives);

function serves({ address, port }: Endpoint): Promise<boolean> {
  return new Promise(resolve => {
    const request = get({ host: address, port, path: '/', timeout: 1000, agent: false }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
