import type { Statement, SyntaxProblem, Word } from './split.ts';

/** Thrown by the readers of one statement and caught where the statement began; never leaves the language. */
export class Misread extends Error {
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A place in the words of a statement, moved forward by the readers. */
export class Cursor {
  readonly statement: Statement;
  private at = 1;

  constructor(statement: Statement) {
    this.statement = statement;
  }

  get done(): boolean {
    return this.at >= this.statement.words.length;
  }

  peek(ahead = 0): string | undefined {
    return this.statement.words[this.at + ahead]?.text;
  }

  /** The next word in lower case: keywords are known in any case. */
  keyword(): string | undefined {
    return this.peek()?.toLowerCase();
  }

  skip(): void {
    this.at++;
  }

  next(what: string): string {
    const word = this.peek();
    if (word === undefined) return this.fail(`${what} is missing`);
    this.at++;
    return word;
  }

  /** The id of the object, which may be written `id=ID` too. */
  id(): string {
    return this.next('the id').replace(/^\$?id=/, '');
  }

  /** Takes the next word if it matches whole. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.peek() ?? '');
    if (found === null || this.done) return undefined;
    this.at++;
    return found;
  }

  takeKeyword(...keywords: readonly string[]): string | undefined {
    const word = this.keyword();
    if (word === undefined || !keywords.includes(word)) return undefined;
    this.at++;
    return word;
  }

  fail(message: string): never {
    const words = this.statement.words;
    const here: Word | undefined = words[this.at];
    const line = here?.line ?? words.at(-1)?.line ?? this.statement.line;
    throw new Misread(here === undefined ? { line, message } : { line, word: here.text, message });
  }

  /** Like `fail`, at the word just taken. */
  failBefore(message: string): never {
    this.at--;
    return this.fail(message);
  }

  finish(): void {
    if (!this.done) this.fail('this word is not expected here');
  }
}
