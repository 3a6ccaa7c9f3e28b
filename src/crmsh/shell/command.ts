import type { Session } from './session.ts';

/** One line as typed: its words, and the text that they came from. */
export interface Line {
  readonly words: readonly string[];
  readonly text: string;
}

/** Whether it worked. What went wrong has been said by then. */
type Outcome = boolean | Promise<boolean>;

export interface Command {
  /** What follows the name, in the manual's notation. */
  readonly usage: string;
  /** One line, for the list of the level. */
  readonly summary: string;
  /** Further paragraphs of help. */
  readonly help?: string;
  readonly aliases?: readonly string[];
  /** Left out of lists and completion. */
  readonly hidden?: true;
  /** `line.words` begin with the command's own name. */
  readonly run: (session: Session, line: Line) => Outcome;
  /** Words that may come next after those that stand there already (the command's name being the first). */
  readonly complete?: (
    session: Session,
    words: readonly string[],
  ) => Promise<readonly string[]> | readonly string[];
}

export interface Level {
  readonly name: string;
  readonly summary: string;
  readonly commands: Readonly<Record<string, Command>>;
  /** Called when the level is left: what waits to be done is done, or given up. */
  readonly leave?: (session: Session) => Promise<boolean>;
}
