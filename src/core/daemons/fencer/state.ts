/** What a fencer knows; see `fencer.ts` for what holds of it. */
import type { Instant } from '../../base/time.ts';
import type { FencingAction } from '../../messages/client.ts';
import type { FenceRun, FencingEntry, OfferedDevice } from '../../messages/fencer.ts';
import type { NodeName } from '../../model/names.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { ClientId, EffectId } from '../contract.ts';
import type { CommonEffect, DaemonEnv, Done } from '../inside.ts';
import type { AgentFacts, Device, Listed, Parameters } from './device.ts';
import type { Plan } from './plan.ts';

export interface FencerState {
  readonly peers: readonly NodeName[];
  readonly members: readonly NodeName[];
  readonly cib?: XmlElement;
  readonly executor: boolean;
  readonly placement: Placement;
  /** Registered by clients, besides those of the configuration. */
  readonly added: ReadonlyMap<
    string,
    { readonly id: string; readonly agent: string; readonly parameters: Parameters }
  >;
  readonly addedLevels: readonly XmlElement[];
  /** By agent. */
  readonly agents: ReadonlyMap<string, AgentFacts | 'asked' | 'silent'>;
  readonly lists: ReadonlyMap<string, Listed>;
  /** Every fencing under way in the cluster: the same on all peers that heard of it. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** Those that we conduct. */
  readonly conducts: ReadonlyMap<string, Conduct>;
  /** Questions which of our devices can fence a node, that wait for agents to answer. */
  readonly inquiries: readonly Inquiry[];
  /** What we do ourselves, in the order in which we were told to. */
  readonly runs: readonly LocalRun[];
  /** Who on this node waits for the end of a fencing. */
  readonly waiting: ReadonlyMap<string, Waiting>;
  readonly history: readonly FencingEntry[];
  readonly next: number;
}

interface Placement {
  readonly devices: readonly {
    readonly id: string;
    readonly agent: string;
    readonly parameters: Parameters;
  }[];
  readonly known: boolean;
  readonly computing?: EffectId;
  /** The configuration that it is of, or is being computed from. */
  readonly of?: XmlElement;
}

/** All peers keep the same of it, for they hear the same in the same order. */
export interface Operation {
  readonly id: string;
  readonly target: NodeName;
  readonly action: FencingAction;
  readonly client: string;
  readonly origin: NodeName;
  /** Who leads it: its origin, or who was told to do the last of it when the origin went away. */
  readonly conductor: NodeName;
  /** Later requests of this node for the same, which have the same result. */
  readonly joined: readonly string[];
  /** The target came (again) since: a request from now on means another life of it. */
  readonly targetCame: boolean;
  readonly run?: FenceRun;
  /** What came of the run. */
  readonly ran?: { readonly ok: boolean; readonly reason?: string };
}

export interface Conduct {
  readonly id: string;
  readonly offers: ReadonlyMap<NodeName, readonly OfferedDevice[]>;
  /** When no further offers are waited for. */
  readonly askUntil: Instant;
  readonly plan?: Plan;
  readonly runs: number;
  readonly runUntil?: Instant;
  readonly lastReason?: string;
  readonly delegate?: NodeName;
}

export interface Inquiry {
  readonly target: NodeName;
  readonly action: FencingAction;
  readonly for:
    | { readonly kind: 'operation'; readonly id: string; readonly conductor: NodeName }
    | { readonly kind: 'client'; readonly client: ClientId; readonly request: number };
  readonly until: Instant;
  /** Devices whose agents were asked, with the call; and what they said. */
  readonly asked: ReadonlyMap<string, number>;
  readonly said: ReadonlyMap<string, boolean>;
}

export interface LocalRun {
  readonly order: FenceRun;
  readonly notBefore: Instant;
  /** The delay is over: it waits for room on the device. */
  readonly ready: boolean;
  readonly until: Instant;
  readonly triesLeft: number;
  readonly call?: number;
}

export interface Waiting {
  readonly by:
    | { readonly kind: 'controller'; readonly request: number }
    | { readonly kind: 'client'; readonly client: ClientId; readonly request: number };
  readonly target: NodeName;
  readonly timeout: number;
  readonly delay: number;
}

export const NOTHING_KNOWN: FencerState = {
  peers: [],
  members: [],
  executor: false,
  placement: { devices: [], known: false },
  added: new Map(),
  addedLevels: [],
  agents: new Map(),
  lists: new Map(),
  operations: new Map(),
  conducts: new Map(),
  inquiries: [],
  runs: [],
  waiting: new Map(),
  history: [],
  next: 1,
};

export type FencerEffect = CommonEffect | Done<'ask-executor' | 'compute-device-placement' | 'panic'>;

/** One step under way. */
export interface Turn {
  state: FencerState;
  readonly effects: FencerEffect[];
  readonly env: DaemonEnv;
}

export function update(turn: Turn, changes: Partial<FencerState>): void {
  turn.state = { ...turn.state, ...changes };
}

/** A number for a call to the executor or an effect. The clock keeps it apart from those of an earlier life. */
export function nextNumber(turn: Turn): number {
  const number = Math.max(turn.state.next, turn.env.now);
  update(turn, { next: number + 1 });
  return number;
}

export function log(turn: Turn, level: 'err' | 'warning' | 'notice' | 'info', text: string): void {
  turn.effects.push({ kind: 'log', level, text });
}

/** Devices that may be used from here, with what is known of their agents. */
export function devicesOf({ placement, added, agents, lists }: FencerState): readonly Device[] {
  const all = new Map(placement.devices.map(device => [device.id, device]));
  for (const [id, device] of added) all.set(id, device);
  return [...all.values()].map(device => {
    const facts = agents.get(device.agent);
    const listed = lists.get(device.id);
    return {
      ...device,
      ...(typeof facts === 'object' ? { agentFacts: facts } : {}),
      ...(listed === undefined ? {} : { listed }),
    };
  });
}

export const withOut = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  const fewer = new Map(map);
  fewer.delete(key);
  return fewer;
};
