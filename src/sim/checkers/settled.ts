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

/** Asks and compares; what it found out about a document it remembers, for most are looked at many times. */
export class Observer {
  readonly #world: World;
  readonly #texts = new WeakMap<XmlElement, string>();
  #judged:
    | { readonly text: string; readonly picture: Picture; readonly wrong: readonly string[] }
    | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Asks all nodes for their CIB and their DC; look at the answers a moment later. */
  askAll(): Answers {
    const answers: Answers = { cibs: [], dcs: [] };
    for (const node of this.#world.nodes) {
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

  /** What is not as it should be when all is well; empty where the cluster has settled. */
  unsettled({ cibs, dcs }: Answers): readonly string[] {
    const [cib] = cibs;
    const [dc] = dcs;
    if (cib === undefined) return ['n1 does not show its CIB'];
    if (dc === undefined) return ['n1 knows no DC'];
    for (const { index, member } of this.#world.nodes) {
      const other = cibs[index];
      if (dcs[index] !== dc) return [`n1 and ${member.name} do not agree on the DC`];
      if (other === undefined) return [`${member.name} does not show its CIB`];
      if (other !== cib && this.#textOf(other) !== this.#textOf(cib)) {
        return [`the CIBs of n1 and ${member.name} differ: ${describeCib(cib)}, ${describeCib(other)}`];
      }
    }
    const { picture, wrong } = this.#judge(cib);
    if (wrong.length > 0) return wrong;
    return [...idle(this.#world), ...asTrue(this.#world, picture)];
  }

  #textOf(cib: XmlElement): string {
    const known = this.#texts.get(cib);
    if (known !== undefined) return known;
    const text = printXml(cib);
    this.#texts.set(cib, text);
    return text;
  }

  #judge(cib: XmlElement): { readonly picture: Picture; readonly wrong: readonly string[] } {
    const text = this.#textOf(cib);
    if (this.#judged?.text === text) return this.#judged;
    const now = instant(Math.max(...this.#world.nodes.map(node => node.clock())));
    const { graph, picture } = schedule({ cib, now });
    const wanted = graph.synapses.flatMap(({ actions }) =>
      actions.map(({ operationKey, node }) =>
        node === undefined ? operationKey : `${operationKey} on ${node.name}`,
      ),
    );
    const offline = picture.nodes
      .filter(({ online, unclean }) => !online || unclean)
      .map(({ name }) => `${name} is not online`);
    const wrong = [...offline, ...(wanted.length === 0 ? [] : [`the scheduler wants ${wanted.join(', ')}`])];
    this.#judged = { text, picture, wrong };
    return this.#judged;
  }
}

const outputOf = (reply: ClientReply | 'lost'): XmlElement | undefined =>
  reply !== 'lost' && reply.ok ? reply.output : undefined;

function idle(world: World): readonly string[] {
  return world.nodes.flatMap(({ member, executor }) =>
    (executor?.running ?? []).flatMap(what =>
      what.endsWith(' monitor') ? [] : [`${member.name} is still at ${what}`],
    ),
  );
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
