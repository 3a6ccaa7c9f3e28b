const TRUE = new Set(['1', 'yes', 'y', 'on', 'true']);
const FALSE = new Set(['0', 'no', 'n', 'off', 'false']);

/** Reads a truth value as a configuration spells it, in any case; `undefined` where it is none. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  return TRUE.has(lower) ? true : FALSE.has(lower) ? false : undefined;
}
