export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Thrown inside this room only; `select` turns it into a result. */
export class XPathError extends Error {}

const PATTERN =
  /\s*(?:([A-Za-z_][\w.-]*(?::(?!:)[A-Za-z_][\w.-]*)?)|(\d+(?:\.\d*)?|\.\d+)|"([^"]*)"|'([^']*)'|(::|\/\/|\.\.|!=|<=|>=|[/.@[\]()|=<>+\-*,]))/y;

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  const end = source.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const found = pattern.exec(source);
    if (found === null) throw new XPathError(`not understood at position ${at + 1}`);
    const [, name, number, doubly, singly, symbol] = found;
    if (name !== undefined) tokens.push({ kind: 'name', text: name, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
    else tokens.push({ kind: 'string', text: doubly ?? singly ?? '', at });
  }
  tokens.push({ kind: 'end', text: '', at: end });
  return tokens;
}
