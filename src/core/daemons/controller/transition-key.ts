/** Which action of which transition of which DC an outcome belongs to: `ACTION:TRANSITION:EXPECTED:RUN`. */
export interface TransitionKey {
  readonly action: number;
  readonly transition: number;
  /** Exit status that the transition expects. */
  readonly expected: number;
  /** Identity of the DC's term of office. */
  readonly run: string;
}

export const printTransitionKey = ({ action, transition, expected, run }: TransitionKey): string =>
  `${action}:${transition}:${expected}:${run}`;

export function parseTransitionKey(text: string): TransitionKey | undefined {
  const match = /^(-?\d+):(-?\d+):(-?\d+):(.+)$/.exec(text);
  if (match === null) return undefined;
  const [, action, transition, expected, run = ''] = match;
  return { action: Number(action), transition: Number(transition), expected: Number(expected), run };
}

/** Stands in keys of what no DC asked for. */
export const NO_RUN = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';
/** Transition of what was recorded from outside the cluster, such as a failure by `crm_resource --fail`. */
export const NO_TRANSITION = -1;
/** Transition of what a node asks of itself; a failure that it finds is judged as that of any other order. */
export const OWN_TRANSITION = 0;

export interface Magic {
  readonly status: number;
  readonly exitStatus: number;
  readonly key: TransitionKey;
}

/** `STATUS:EXIT-STATUS;KEY`. */
export function parseMagic(text: string): Magic | undefined {
  const match = /^(-?\d+):(-?\d+);(.+)$/.exec(text);
  const key = match === null ? undefined : parseTransitionKey(match[3] ?? '');
  return match === null || key === undefined
    ? undefined
    : { status: Number(match[1]), exitStatus: Number(match[2]), key };
}
