/** Exit codes of commands, with the numbers, names and words that scripts around Pacemaker rely on. */
const TABLE = {
  ok: [0, 'CRM_EX_OK', 'OK'],
  error: [1, 'CRM_EX_ERROR', 'Error occurred'],
  'invalid-parameter': [2, 'CRM_EX_INVALID_PARAM', 'Invalid parameter'],
  unimplemented: [3, 'CRM_EX_UNIMPLEMENT_FEATURE', 'Unimplemented'],
  'insufficient-privileges': [4, 'CRM_EX_INSUFFICIENT_PRIV', 'Insufficient privileges'],
  'not-installed': [5, 'CRM_EX_NOT_INSTALLED', 'Not installed'],
  'not-configured': [6, 'CRM_EX_NOT_CONFIGURED', 'Not configured'],
  'not-running': [7, 'CRM_EX_NOT_RUNNING', 'Not running'],
  promoted: [8, 'CRM_EX_PROMOTED', 'Promoted'],
  'failed-promoted': [9, 'CRM_EX_FAILED_PROMOTED', 'Failed in promoted role'],
  usage: [64, 'CRM_EX_USAGE', 'Incorrect usage'],
  'bad-data': [65, 'CRM_EX_DATAERR', 'Invalid data given'],
  'no-input': [66, 'CRM_EX_NOINPUT', 'Input file not available'],
  'no-user': [67, 'CRM_EX_NOUSER', 'User does not exist'],
  'no-host': [68, 'CRM_EX_NOHOST', 'Host does not exist'],
  unavailable: [69, 'CRM_EX_UNAVAILABLE', 'Necessary service unavailable'],
  software: [70, 'CRM_EX_SOFTWARE', 'Internal software bug'],
  'os-error': [71, 'CRM_EX_OSERR', 'Operating system error occurred'],
  'os-file': [72, 'CRM_EX_OSFILE', 'System file not available'],
  'cannot-create': [73, 'CRM_EX_CANTCREAT', 'Cannot create output file'],
  'io-error': [74, 'CRM_EX_IOERR', 'I/O error occurred'],
  'temporary-failure': [75, 'CRM_EX_TEMPFAIL', 'Temporary failure, try again'],
  protocol: [76, 'CRM_EX_PROTOCOL', 'Protocol violated'],
  'no-permission': [77, 'CRM_EX_NOPERM', 'Insufficient privileges'],
  config: [78, 'CRM_EX_CONFIG', 'Invalid configuration'],
  fatal: [100, 'CRM_EX_FATAL', 'Fatal error occurred, will not respawn'],
  panic: [101, 'CRM_EX_PANIC', 'System panic required'],
  disconnected: [102, 'CRM_EX_DISCONNECT', 'Not connected'],
  'old-data': [103, 'CRM_EX_OLD', 'Update was older than existing configuration'],
  digest: [104, 'CRM_EX_DIGEST', 'Digest mismatch'],
  'no-such-object': [105, 'CRM_EX_NOSUCH', 'No such object'],
  'no-quorum': [106, 'CRM_EX_QUORUM', 'Quorum required'],
  unsafe: [107, 'CRM_EX_UNSAFE', 'Operation not safe'],
  exists: [108, 'CRM_EX_EXISTS', 'Requested item already exists'],
  'multiple-matches': [109, 'CRM_EX_MULTIPLE', 'Multiple items match request'],
  expired: [110, 'CRM_EX_EXPIRED', 'Requested item has expired'],
  'not-yet-in-effect': [111, 'CRM_EX_NOT_YET_IN_EFFECT', 'Requested item is not yet in effect'],
  indeterminate: [112, 'CRM_EX_INDETERMINATE', 'Could not determine status'],
  unsatisfied: [113, 'CRM_EX_UNSATISFIED', 'Not applicable under current conditions'],
  timeout: [124, 'CRM_EX_TIMEOUT', 'Timeout occurred'],
  degraded: [190, 'CRM_EX_DEGRADED', 'Service is active but might fail soon'],
  'degraded-promoted': [191, 'CRM_EX_DEGRADED_PROMOTED', 'Service is promoted but might fail soon'],
  none: [193, 'CRM_EX_NONE', 'No exit status available'],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

export type ExitCode = keyof typeof TABLE;

const EXIT_CODES = Object.keys(TABLE) as readonly ExitCode[];

export const exitNumber = (code: ExitCode): number => TABLE[code][0];
export const exitMessage = (code: ExitCode): string => TABLE[code][2];

const BY_NUMBER = new Map<number, ExitCode>(EXIT_CODES.map(code => [exitNumber(code), code]));

/** The exit code of that number; a number that has no name of its own is an error like any other. */
export const exitCodeOf = (number: number): ExitCode => BY_NUMBER.get(number) ?? 'error';
