/** Administrators and their scripts: what they ask of the cluster while it suffers, and what they were promised. */
import type { Random } from '../core/base/random.ts';
import type { CibRequest, ClientReply, ClientRequest } from '../core/messages/client.ts';
import { type NodeName, resourceId } from '../core/model/names.ts';
import { element, type XmlElement } from '../core/xml/element.ts';
import { primitive } from './configuration.ts';
import { pickWeighted, waiting } from './faults/faults.ts';
import { CLIENT_ACTIONS, type ClientAction, type PrimitiveSpec, type Settings } from './settings.ts';
import type { SimNode } from './world/node.ts';
import type { World } from './world/world.ts';

/** Notes are numbers that a client counts up in the configuration, each by itself. */
export const NOTES = 3;
export const noteName = (note: number): string => `note-${note}`;

export interface Note {
  /** Last number that was sent to it. */
  sent: number;
  /** No answer to it yet. */
  open: boolean;
}

export interface Acknowledgement {
  readonly quorate: boolean;
  /** Those who kept the CIB together where it was acknowledged. */
  readonly peers: readonly NodeName[];
}

/** Remembers what clients were promised. */
export interface Promises {
  readonly acknowledged: (note: number, value: number, by: Acknowledgement) => void;
}

/** Milliseconds. */
const ASK_AGAIN_AFTER = 2000;

const NOBODY = { quorate: false, peers: [], expectedVotes: 0 } as const;

export class Clients {
  readonly notes: readonly Note[] = [...Array(NOTES)].map(() => ({ sent: 0, open: false }));
  readonly #world: World;
  readonly #random: Random;
  readonly #promises: Promises;

  constructor(world: World, random: Random, promises: Promises) {
    this.#world = world;
    this.#random = random;
    this.#promises = promises;
  }

  /** Goes on until the world calms down. */
  begin(): void {
    const { settings, queue } = this.#world;
    queue.after(waiting(this.#random, settings.requestEvery), () => {
      if (this.#world.calm) return;
      const action = pickWeighted(this.#random, CLIENT_ACTIONS, { note: 2, ...settings.clients });
      if (action !== undefined) this.#do(action);
      this.begin();
    });
  }

  /** What an administrator undoes when all is repaired: from any node that answers, until each was accepted. */
  tidyUp(): void {
    this.#endMaintenance();
    for (const request of restoring(this.#world.settings)) this.#insist(request);
  }

  #endMaintenance(): void {
    const request = setMaintenance(this.#world, false);
    if (request !== undefined) this.#insist(request);
    else this.#world.queue.after(ASK_AGAIN_AFTER, () => this.#endMaintenance());
  }

  cleanUp(): void {
    this.#insist({ kind: 'controller', operation: 'refresh', failuresOnly: true });
  }

  #insist(request: ClientRequest): void {
    this.ask(request, reply => {
      if (reply !== 'lost' && (reply.ok || reply.refusal === 'no-such-object')) return;
      this.#world.queue.after(ASK_AGAIN_AFTER, () => this.#insist(request));
    });
  }

  /** Asks a random node that seems to work; `lost` where there is none, or it ends before it answers. */
  ask(request: ClientRequest, answer: (reply: ClientReply | 'lost', from?: SimNode) => void): void {
    const able = this.#world.nodes.filter(node => node.supervisor?.begun === true && !node.frozen);
    if (able.length === 0) {
      answer('lost');
      return;
    }
    const node = this.#random.pick(able);
    askNode(node, request, reply => answer(reply, node));
  }

  #do(action: ClientAction): void {
    if (action === 'note') this.#writeNote();
    else {
      const request = this.#draw(action);
      if (request !== undefined) this.ask(request, () => {});
    }
  }

  #writeNote(): void {
    const at = this.#random.below(NOTES);
    const note = this.notes[at] as Note;
    if (note.open) return;
    note.sent += 1;
    const value = note.sent;
    note.open = true;
    this.ask(setProperty('notes', noteName(at), value), (reply, from) => {
      note.open = false;
      if (reply === 'lost' || !reply.ok) return;
      const heard = from?.supervisor?.membership;
      const { quorate: hasQuorum, peers, expectedVotes } = heard?.kind === 'membership' ? heard : NOBODY;
      const quorate = hasQuorum && peers.length * 2 > expectedVotes;
      this.#promises.acknowledged(at, value, { quorate, peers });
      this.#world.note(`${noteName(at)} = ${value} is acknowledged${quorate ? '' : ' without quorum'}`);
    });
  }

  #draw(action: Exclude<ClientAction, 'note'>): ClientRequest | undefined {
    const random = this.#random;
    const { settings } = this.#world;
    const node = random.within(1, settings.nodes);
    const resource = random.pick(settings.resources).id;
    const extra = `extra-${random.within(1, 2)}`;
    switch (action) {
      case 'standby':
        return setStandby(node, random.chance(0.5));
      case 'move':
        return create('constraints', location(resource, node));
      case 'clear':
        return remove('constraints', element('rsc_location', { id: `cli-prefer-${resource}` }));
      case 'target-role':
        return setMeta(settings, resource, random.pick(['Started', 'Started', 'Stopped']));
      case 'attribute':
        return { kind: 'attribute', operation: 'update', name: 'load', value: String(random.below(100)) };
      case 'cleanup':
        return random.chance(0.5)
          ? { kind: 'controller', operation: 'refresh', failuresOnly: true }
          : { kind: 'controller', operation: 'refresh', resource: resourceId(resource) };
      case 'parameter':
        return setParameter(settings, random);
      case 'fence': {
        const target = this.#world.node(node - 1).member.name;
        return { kind: 'fencer', operation: 'fence', target, action: random.pick(['reboot', 'off']) };
      }
      case 'maintenance':
        return setMaintenance(this.#world, random.chance(0.3));
      case 'add-resource':
        return create('resources', primitive(EXTRA(extra), []));
      case 'remove-resource':
        return remove('resources', element('primitive', { id: extra }));
    }
  }
}

export function askNode(
  node: SimNode,
  request: ClientRequest,
  answer: (reply: ClientReply | 'lost') => void,
): void {
  if (node.supervisor?.begun !== true) answer('lost');
  else node.supervisor.ask(request, 'sim', answer);
}

const EXTRA = (id: string): PrimitiveSpec => ({
  kind: 'primitive',
  id,
  monitor: 10_000,
  migratable: false,
  stickiness: 0,
  migrationThreshold: 0,
  onFail: 'restart',
});

const modify = (section: string, input: XmlElement): CibRequest => ({
  kind: 'cib',
  operation: 'modify',
  section,
  input,
  allowCreate: true,
});
const create = (section: string, input: XmlElement): CibRequest =>
  modify(section, element(section, {}, [input]));
const remove = (section: string, input: XmlElement): CibRequest => ({
  kind: 'cib',
  operation: 'delete',
  section,
  input,
});

const pair = (set: string, name: string, value: string | number | boolean): XmlElement =>
  element('nvpair', { id: `${set}-${name}`, name, value });

function setProperty(set: string, name: string, value: string | number | boolean): CibRequest {
  const properties = element('cluster_property_set', { id: set }, [pair(set, name, value)]);
  return modify('crm_config', element('crm_config', {}, [properties]));
}

/** Nobody ends maintenance while a node that is stopped in it, with all that runs there, is not back. */
function setMaintenance({ nodes }: World, on: boolean): CibRequest | undefined {
  if (!on && nodes.some(node => node.isLeaving || node.hasLeftServices)) return undefined;
  return setProperty('cib-bootstrap-options', 'maintenance-mode', on);
}

function setStandby(node: number, on: boolean): CibRequest {
  const set = `nodes-${node}`;
  const attributes = element('instance_attributes', { id: set }, [pair(set, 'standby', on ? 'on' : 'off')]);
  return modify('nodes', element('nodes', {}, [element('node', { id: node }, [attributes])]));
}

const location = (resource: string, node: number): XmlElement =>
  element('rsc_location', {
    id: `cli-prefer-${resource}`,
    rsc: resource,
    role: 'Started',
    node: `n${node}`,
    score: 'INFINITY',
  });

function setMeta({ resources }: Settings, id: string, role: string): CibRequest {
  const spec = resources.find(resource => resource.id === id);
  const kind = spec === undefined || spec.kind === 'promotable' ? 'clone' : spec.kind;
  const set = `${id}-meta`;
  const meta = element('meta_attributes', { id: set }, [pair(set, 'target-role', role)]);
  return modify('resources', element('resources', {}, [element(kind, { id }, [meta])]));
}

function setParameter({ resources }: Settings, random: Random): CibRequest | undefined {
  const single = resources.find(({ kind }) => kind === 'primitive');
  if (single === undefined) return undefined;
  const set = `${single.id}-params`;
  const parameters = element('instance_attributes', { id: set }, [
    pair(set, 'setting', random.pick(['a', 'b', 'c'])),
  ]);
  return modify(
    'resources',
    element('resources', {}, [element('primitive', { id: single.id }, [parameters])]),
  );
}

function restoring(settings: Settings): readonly ClientRequest[] {
  const nodes = [...Array(settings.nodes).keys()].map(at => at + 1);
  return [
    ...nodes.map(node => setStandby(node, false)),
    ...settings.resources.map(({ id }) => setMeta(settings, id, 'Started')),
  ];
}
