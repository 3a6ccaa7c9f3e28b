/** Exit status of an OCF agent, by the number that the agent returns. */
export const OCF = {
  ok: 0,
  unknownError: 1,
  invalidParameter: 2,
  unimplemented: 3,
  insufficientPrivileges: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
  runningPromoted: 8,
  failedPromoted: 9,
  degraded: 190,
  degradedPromoted: 191,
  /** The agent was not run; the status is that of whoever should have run it. */
  unknown: 193,
} as const;

/** How the execution of an action ended (`op-status`), by Pacemaker's number. */
export const EXECUTION = {
  unknown: -2,
  pending: -1,
  done: 0,
  cancelled: 1,
  timeout: 2,
  notSupported: 3,
  error: 4,
  errorHard: 5,
  errorFatal: 6,
  notInstalled: 7,
  notConnected: 8,
  invalid: 9,
  noFenceDevice: 10,
  noSecrets: 11,
} as const;

export type ExecutionStatus = (typeof EXECUTION)[keyof typeof EXECUTION];
