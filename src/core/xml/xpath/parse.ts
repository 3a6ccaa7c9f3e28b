import { AXES, type Axis, type BinaryOperator, type Expression, type NodeTest, type Step } from './syntax.ts';
import { type Token, tokensOf, XPathError } from './tokens.ts';

/** Operators from the loosest to the tightest. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['=', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', 'div', 'mod'],
];

const NODE_TYPES: ReadonlySet<string> = new Set(['node', 'comment', 'text']);

const ANYWHERE: Step = { axis: 'descendant-or-self', test: { kind: 'node' }, predicates: [] };

/** @throws XPathError with the place of what is not understood. */
export function parseXPath(source: string): Expression {
  const reader = new Reader(tokensOf(source));
  const expression = reader.expression();
  reader.expectEnd();
  return expression;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(level = 0): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = operators.find(one => this.#is(one));
      if (operator === undefined) return left;
      this.#at += 1;
      left = { kind: 'binary', operator, left, right: this.expression(level + 1) };
    }
  }

  expectEnd(): void {
    if (this.#token.kind !== 'end') this.#refuse();
  }

  get #token(): Token {
    return this.#peek(0);
  }

  #peek(ahead: number): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  #refuse(): never {
    const { text, at, kind } = this.#token;
    throw new XPathError(
      kind === 'end' ? 'ends too early' : `"${text}" at position ${at + 1} is not expected`,
    );
  }

  #is(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return (token.kind === 'symbol' || token.kind === 'name') && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#refuse();
  }

  #unary(): Expression {
    if (this.#take('-')) return { kind: 'negate', of: this.#unary() };
    let left = this.#path();
    while (this.#take('|')) left = { kind: 'binary', operator: '|', left, right: this.#path() };
    return left;
  }

  #path(): Expression {
    if (this.#beginsPrimary()) return this.#filter();
    if (this.#take('//'))
      return { kind: 'path', from: { kind: 'root' }, steps: [ANYWHERE, ...this.#steps()] };
    if (this.#take('/')) {
      const steps = this.#beginsStep() ? this.#steps() : [];
      return { kind: 'path', from: { kind: 'root' }, steps };
    }
    return { kind: 'path', from: { kind: 'context' }, steps: this.#steps() };
  }

  #beginsPrimary(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'string' || kind === 'number') return true;
    if (kind === 'name') return this.#is('(', 1) && !NODE_TYPES.has(text);
    return text === '(';
  }

  #beginsStep(): boolean {
    return this.#token.kind === 'name' || ['*', '.', '..', '@'].some(one => this.#is(one));
  }

  #filter(): Expression {
    const expression = this.#primary();
    const predicates = this.#predicates();
    const steps = this.#is('/') || this.#is('//') ? this.#furtherSteps() : [];
    if (predicates.length === 0 && steps.length === 0) return expression;
    return { kind: 'path', from: { kind: 'filter', expression, predicates }, steps };
  }

  #primary(): Expression {
    const { kind, text } = this.#token;
    this.#at += 1;
    if (kind === 'string') return { kind: 'literal', value: text };
    if (kind === 'number') return { kind: 'literal', value: Number(text) };
    if (kind === 'name') return { kind: 'call', name: text, parameters: this.#parameters() };
    const inside = this.expression();
    this.#expect(')');
    return inside;
  }

  #parameters(): readonly Expression[] {
    this.#expect('(');
    const parameters: Expression[] = [];
    if (this.#take(')')) return parameters;
    do parameters.push(this.expression());
    while (this.#take(','));
    this.#expect(')');
    return parameters;
  }

  #steps(): readonly Step[] {
    return [this.#step(), ...this.#furtherSteps()];
  }

  #furtherSteps(): readonly Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#take('//')) steps.push(ANYWHERE, this.#step());
      else if (this.#take('/')) steps.push(this.#step());
      else return steps;
    }
  }

  #step(): Step {
    if (this.#take('.')) return { axis: 'self', test: { kind: 'node' }, predicates: [] };
    if (this.#take('..')) return { axis: 'parent', test: { kind: 'node' }, predicates: [] };
    const axis = this.#axis();
    const test = this.#test();
    return { axis, test, predicates: this.#predicates() };
  }

  #axis(): Axis {
    if (this.#take('@')) return 'attribute';
    if (!this.#is('::', 1)) return 'child';
    const axis = AXES.find(one => this.#is(one));
    if (axis === undefined) this.#refuse();
    this.#at += 2;
    return axis;
  }

  #test(): NodeTest {
    if (this.#take('*')) return { kind: 'any-name' };
    const { kind, text } = this.#token;
    if (kind !== 'name') this.#refuse();
    this.#at += 1;
    if (!NODE_TYPES.has(text) || !this.#is('(')) return { kind: 'name', name: text };
    this.#expect('(');
    this.#expect(')');
    return { kind: text as 'node' | 'comment' | 'text' };
  }

  #predicates(): readonly Expression[] {
    const predicates: Expression[] = [];
    while (this.#take('[')) {
      predicates.push(this.expression());
      this.#expect(']');
    }
    return predicates;
  }
}
