/** Whether the cluster has come to rest in the state that its configuration asks for, and all agree about it. */
import { instant } from '../../core/base/time.ts';
import type { ClientReply } from '../../core/messages/client.ts';
import { schedule } from '../../core/scheduler/schedule.ts';
import type { Picture, ResourcePicture } from '../../core/status/picture.ts';
import { attribute, type XmlElement } from '../../core/xml/element.ts';
import { printXml } from '../../core/xml/print.ts';
import { askNode } from '../clients.ts';
import { describeCib } from '../world/describe.ts';
import type { World } from '../world/world.ts';

/** What the nodes said when they were asked, by their index. */
export interface Answers {
  readonly cibs: (XmlElement | undefined)[];
  readonly dcs: (string | undefined)[];
}

/** Asks all nodes for their CIB and their DC; look at the answers a moment later. */
export function askAll(world: World): Answers {
  const answers: Answers = { cibs: [], dcs: [] };
  for (const node of world.nodes) {
    askNode(node, { kind: 'cib', operation: 'query', local: true }, reply => {
      answers.cibs[node.index] = outputOf(reply);
    });
    askNode(node, { kind: 'controller', operation: 'dc' }, reply => {
      const output = outputOf(reply);
      answers.dcs[node.index] = output && attribute(output, 'dc');
    });
  }
  return answers;
}

const outputOf = (reply: ClientReply | 'lost'): XmlElement | undefined =>
  reply !== 'lost' && reply.ok ? reply.output : undefined;

/** What is not as it should be when all is well; empty where the cluster has settled. */
export function unsettled(world: World, { cibs, dcs }: Answers): readonly string[] {
  const [cib] = cibs;
  const dc = dcs[0];
  if (cib === undefined) return ['n1 does not show its CIB'];
  if (dc === undefined) return ['n1 knows no DC'];
  const text = printXml(cib);
  for (const node of world.nodes) {
    const other = cibs[node.index];
    if (dcs[node.index] !== dc) return [`n1 and ${node.member.name} do not agree on the DC`];
    if (other === undefined) return [`${node.member.name} does not show its CIB`];
    if (other !== cib && printXml(other) !== text) {
      return [`the CIBs of n1 and ${node.member.name} differ: ${describeCib(cib)}, ${describeCib(other)}`];
    }
  }
  return [...idle(world), ...asScheduled(world, cib)];
}

function idle(world: World): readonly string[] {
  return world.nodes.flatMap(({ member, executor }) =>
    (executor?.running ?? []).flatMap(what =>
      what.endsWith(' monitor') ? [] : [`${member.name} is still at ${what}`],
    ),
  );
}

function asScheduled(world: World, cib: XmlElement): readonly string[] {
  const now = instant(Math.max(...world.nodes.map(node => node.clock())));
  const { graph, picture } = schedule({ cib, now });
  const wanted = graph.synapses.flatMap(({ actions }) =>
    actions.map(({ operationKey, node }) => `${operationKey} on ${node?.name}`),
  );
  const offline = picture.nodes
    .filter(({ online, unclean }) => !online || unclean)
    .map(({ name }) => `${name} is not online`);
  const graphLines = wanted.length === 0 ? [] : [`the scheduler wants ${wanted.join(', ')}`];
  return [...offline, ...graphLines, ...(wanted.length === 0 ? asTrue(world, picture) : [])];
}

/** Do the picture that the CIB gives and the truth agree? */
function asTrue(world: World, picture: Picture): readonly string[] {
  const believed = new Map<string, Map<string, string>>();
  const add = (resource: ResourcePicture): void => {
    for (const child of resource.children) add(child);
    if (resource.kind !== 'primitive' || resource.flags.fenceDevice) return;
    const service = world.serviceOf(resource.id);
    const nodes = believed.get(service) ?? new Map<string, string>();
    believed.set(service, nodes);
    for (const node of resource.activeOn) {
      nodes.set(node.name, resource.role === 'Promoted' ? 'promoted' : 'started');
    }
  };
  for (const resource of picture.resources) add(resource);
  const print = (nodes: ReadonlyMap<string, string>) =>
    [...nodes]
      .map(([node, activity]) => `${activity} on ${node}`)
      .sort()
      .join(', ');
  const services = new Set([...believed.keys(), ...world.truth.services()]);
  return [...services].flatMap(service => {
    const seen = print(believed.get(service) ?? new Map());
    const real = print(world.truth.activeOn(service));
    return seen === real ? [] : [`${service} is [${real}], but the CIB says [${seen}]`];
  });
}

/** Has something failed that has not been cleaned up? */
export const failuresIn = (cib: XmlElement, now: number): number =>
  schedule({ cib, now: instant(now) }).picture.failures.length;
