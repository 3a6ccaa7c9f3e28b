/** The course of one fencing: which devices are used in which order, and by whom. Pure bookkeeping. */
import type { FencingAction } from '../../messages/client.ts';
import type { OfferedDevice } from '../../messages/fencer.ts';
import type { NodeName } from '../../model/names.ts';
import type { Levels } from './topology.ts';

/** Steps that must all succeed, one after the other. */
type Attempt = readonly Step[];

export interface Step {
  readonly device: string;
  readonly action: FencingAction;
  /** The second half of a reboot by several devices: the node is down already, whatever becomes of this. */
  readonly mayFail: boolean;
}

export interface Plan {
  readonly attempts: readonly Attempt[];
  readonly attempt: number;
  readonly step: number;
  /** Peers that have tried the present step. */
  readonly tried: readonly NodeName[];
}

type Offers = ReadonlyMap<NodeName, readonly OfferedDevice[]>;

export function makePlan(action: FencingAction, offers: Offers, levels: Levels | undefined): Plan {
  const attempts =
    levels === undefined ? singleDevices(action, offers) : levels.map(devices => levelOf(action, devices));
  return { attempts, attempt: 0, step: 0, tried: [] };
}

/** Without a topology any device will do: verified ones first, then by priority. */
function singleDevices(action: FencingAction, offers: Offers): readonly Attempt[] {
  const best = new Map<string, OfferedDevice>();
  for (const offered of [...offers.values()].flat()) {
    const known = best.get(offered.device);
    if (known === undefined || (offered.verified && !known.verified)) best.set(offered.device, offered);
  }
  return [...best.values()]
    .toSorted(
      (left, right) =>
        Number(right.verified) - Number(left.verified) ||
        right.priority - left.priority ||
        (left.device < right.device ? -1 : 1),
    )
    .map(({ device }) => [{ device, action, mayFail: false }]);
}

/** A reboot by several devices: all cut the power before any gives it back. */
function levelOf(action: FencingAction, devices: readonly string[]): Attempt {
  if (action !== 'reboot' || devices.length < 2)
    return devices.map(device => ({ device, action, mayFail: false }));
  return [
    ...devices.map(device => ({ device, action: 'off', mayFail: false }) as const),
    ...devices.map(device => ({ device, action: 'on', mayFail: true }) as const),
  ];
}

export const presentStep = ({ attempts, attempt, step }: Plan): Step | undefined => attempts[attempt]?.[step];

/** Everything is done that had to be. */
export const isDone = ({ attempts, attempt, step }: Plan): boolean => {
  const steps = attempts[attempt];
  return steps !== undefined && steps.length > 0 && step >= steps.length;
};

export const isLastStep = ({ attempts, attempt, step }: Plan): boolean =>
  step + 1 === attempts[attempt]?.length;

export const stepDone = (plan: Plan): Plan => ({ ...plan, step: plan.step + 1, tried: [] });

/** Nobody is left to try the step. */
export function stepFailed(plan: Plan): Plan {
  if (presentStep(plan)?.mayFail === true) return stepDone(plan);
  return { ...plan, attempt: plan.attempt + 1, step: 0, tried: [] };
}

/**
 * The peer that tries the step next: those that verified the device first, then those with most devices; the
 * target itself only where nobody else can.
 */
export function nextPeer(
  plan: Plan,
  {
    offers,
    peers,
    target,
  }: { readonly offers: Offers; readonly peers: readonly NodeName[]; readonly target: NodeName },
): { readonly peer: NodeName; readonly offered: OfferedDevice } | undefined {
  const step = presentStep(plan);
  if (step === undefined) return undefined;
  const able = peers.flatMap(peer => {
    const offered = offers.get(peer)?.find(({ device }) => device === step.device);
    return offered === undefined || plan.tried.includes(peer) ? [] : [{ peer, offered }];
  });
  const count = (peer: NodeName) => offers.get(peer)?.length ?? 0;
  const ranked = able.toSorted(
    (left, right) =>
      Number(left.peer === target) - Number(right.peer === target) ||
      Number(right.offered.verified) - Number(left.offered.verified) ||
      count(right.peer) - count(left.peer) ||
      (left.peer < right.peer ? -1 : 1),
  );
  return ranked[0];
}
