/** What fencers say to each other. Who asked for a fencing conducts it; the others offer devices and use them. */
import type { Duration, Instant } from '../base/time.ts';
import type { NodeName } from '../model/names.ts';
import type { FencingAction } from './client.ts';

export type FencerMessage =
  | FenceRequest
  | FenceJoin
  | FenceOffer
  | FenceRun
  | FenceRan
  | FenceResult
  | FenceHistory
  | { readonly kind: 'clear-history'; readonly target?: NodeName };

/** To all: a node is to be fenced. The sender conducts it. */
export interface FenceRequest {
  readonly kind: 'request';
  /** Unique in the cluster and for all time. */
  readonly id: string;
  readonly target: NodeName;
  readonly action: FencingAction;
  /** Who asked the sender. */
  readonly client: string;
}

/** To all, by who asked for `id`: it shares the result of `other`, which is under way already. */
interface FenceJoin {
  readonly kind: 'join';
  readonly id: string;
  readonly other: string;
}

/** To the conductor: the devices by which the sender can do it. */
interface FenceOffer {
  readonly kind: 'offer';
  readonly id: string;
  readonly devices: readonly OfferedDevice[];
}

export interface OfferedDevice {
  readonly device: string;
  /** The cluster runs the device's monitor there, and it is well. */
  readonly verified: boolean;
  readonly priority: number;
  /** What is configured for each action; absent: the request's own time counts. */
  readonly timeouts: Readonly<Partial<Record<FencingAction, Duration>>>;
  /** The longest that the device's own delay can be. */
  readonly delay: Duration;
}

/** To all: one device is to be used by one peer. */
export interface FenceRun {
  readonly kind: 'run';
  readonly id: string;
  /** Counts the runs of one fencing. */
  readonly run: number;
  readonly peer: NodeName;
  readonly device: string;
  readonly target: NodeName;
  readonly action: FencingAction;
  readonly timeout: Duration;
  /** Wait that long first, besides the device's own delay; negative: not even that. */
  readonly delay: number;
  /** If it succeeds, all has: should the conductor be gone by then, the peer says the result. */
  readonly last: boolean;
}

/** To all, by the peer that was told to run. */
export interface FenceRan {
  readonly kind: 'ran';
  readonly id: string;
  readonly run: number;
  readonly ok: boolean;
  readonly reason?: string;
}

interface FenceResult {
  readonly kind: 'result';
  readonly entry: FencingEntry;
}

/** To all, where peers meet. */
interface FenceHistory {
  readonly kind: 'history';
  readonly entries: readonly FencingEntry[];
}

/** A fencing that is over. */
export interface FencingEntry {
  readonly id: string;
  readonly target: NodeName;
  readonly action: FencingAction;
  readonly origin: NodeName;
  readonly client: string;
  readonly ok: boolean;
  /** Node that did it last. */
  readonly delegate?: NodeName;
  readonly refusal?: FencingRefusal;
  readonly reason?: string;
  readonly at: Instant;
}

export type FencingRefusal = 'no-device' | 'timeout' | 'failed';
