const ZERO = 48;

export const isDigit = (code: number): boolean => code >= ZERO && code <= ZERO + 9;

/** Numbers of so many digits are exact. */
const EXACT = 15;

/** Most numbers of a document are nothing but a few digits; `undefined` of any other text. */
export function plainInteger(text: string): number | undefined {
  if (text.length === 0 || text.length > EXACT) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
