const ZERO = 48;

export const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;

/** Numbers of so many digits are exact. */
const EXACT = 15;

/** Most numbers of a document are nothing but a few digits; `undefined` of any other text. */
export const plainInteger = (text: string): number | undefined =>
  text.length > EXACT ? undefined : digitsIn(text, 0, text.length);

/** The number that a part of a text is, if it is nothing but digits. */
export function digitsIn(text: string, from: number, to: number): number | undefined {
  if (from >= to) return undefined;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return undefined;
    value = value * 10 + code - ZERO;
  }
  return value;
}
