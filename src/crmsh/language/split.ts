/**
 * Text in crm syntax, split into statements and words. A statement is a line, together with the lines that a
 * backslash at the end joins to it; a line that begins with `#` is a comment and belongs to the statement after it.
 */
export interface Word {
  readonly text: string;
  /** Line of the text that the word stands in, from 1. */
  readonly line: number;
}

export interface Statement {
  readonly words: readonly Word[];
  readonly comments: readonly string[];
  readonly line: number;
  /** The statement as written, its lines joined by a space; XML is read from here, not from the words. */
  readonly source: string;
}

export interface SyntaxProblem {
  readonly line: number;
  /** The word that was not understood, where it is one word's fault. */
  readonly word?: string;
  readonly message: string;
}

export interface Split {
  readonly statements: readonly Statement[];
  readonly problems: readonly SyntaxProblem[];
  /** Comments after the last statement. */
  readonly trailing: readonly string[];
}

export function splitStatements(text: string): Split {
  const statements: Statement[] = [];
  const problems: SyntaxProblem[] = [];
  let comments: string[] = [];
  let pieces: { text: string; line: number }[] = [];
  const finish = () => {
    if (pieces.length === 0) return;
    const line = pieces[0]?.line ?? 1;
    const words: Word[] = [];
    const problem = readPieces(pieces, words);
    const source = pieces.map(piece => piece.text.trim()).join(' ');
    // XML has its own quoting: an odd quote in its text is not this reader's concern.
    if (problem !== undefined && words[0]?.text.toLowerCase() !== 'xml') problems.push(problem);
    else statements.push({ words, comments, line, source });
    comments = [];
    pieces = [];
  };
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const whole = lines[at] as string;
    const trimmed = whole.trim();
    if (trimmed.startsWith('#')) {
      comments.push(trimmed);
      continue;
    }
    const continues = trimmed.endsWith('\\') && !trimmed.endsWith('\\\\');
    const body = continues ? trimmed.slice(0, -1) : trimmed;
    if (body.trim() !== '') pieces.push({ text: body, line: at + 1 });
    if (!continues) finish();
  }
  finish();
  return { statements, problems, trailing: comments };
}

/** The words of one line, or what is wrong with it. */
export function splitWords(
  text: string,
): { readonly words: readonly Word[] } | { readonly problem: SyntaxProblem } {
  const words: Word[] = [];
  const problem = readPieces([{ text, line: 1 }], words);
  return problem === undefined ? { words } : { problem };
}

function readPieces(
  pieces: readonly { readonly text: string; readonly line: number }[],
  words: Word[],
): SyntaxProblem | undefined {
  for (const { text, line } of pieces) {
    const problem = readLine(text, line, words);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Quoting as in a POSIX shell: '…' is literal, "…" knows \" and \\, and outside a backslash takes the next. */
function readLine(text: string, line: number, words: Word[]): SyntaxProblem | undefined {
  let current: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    const next = text[at + 1];
    if (quote !== '') {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"' && (next === '"' || next === '\\')) {
        current += next;
        at++;
      } else current += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      current ??= '';
    } else if (letter === '\\' && next !== undefined) {
      current = (current ?? '') + next;
      at++;
    } else if (/\s/.test(letter)) {
      if (current !== undefined) words.push({ text: current, line });
      current = undefined;
    } else current = (current ?? '') + letter;
  }
  if (quote !== '') {
    return { line, word: `${quote}${current ?? ''}`.slice(0, 40), message: 'the quote is not closed' };
  }
  if (current !== undefined) words.push({ text: current, line });
  return undefined;
}
