/**
 * Command lines as Pacemaker's commands read them: short options in clusters (`-1ri5`), values glued or apart,
 * options whose value may be left out, operands in any place, no abbreviations. A command declares its options
 * once; types of the values, parsing and help follow from it.
 */
export interface OptionDefinition {
  readonly short?: string;
  /** `values` and `count` may be given several times; of the others the last one holds. */
  readonly takes: 'nothing' | 'count' | 'value' | 'values' | 'integer' | 'optional-value';
  readonly valueName?: string;
  readonly help: string;
  /** Key of a group of the command; absent: one of the options of the application itself. */
  readonly group?: string;
  readonly hidden?: true;
  /** Further spellings that are understood but not shown, long or of one letter. */
  readonly aliases?: readonly string[];
}

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

interface GroupDefinition {
  readonly title: string;
  /** Completes `Show … help`. */
  readonly about: string;
}

/** A command: options by their long names. */
export interface CommandDefinition<Options extends OptionDefinitions = OptionDefinitions> {
  readonly name: string;
  readonly summary: string;
  readonly operands?: string;
  readonly groups: Readonly<Record<string, GroupDefinition>>;
  readonly options: Options;
  /** Stands below the options in help. */
  readonly notes?: string;
}

type ValueOf<Takes extends OptionDefinition['takes']> = Takes extends 'nothing'
  ? boolean
  : Takes extends 'count'
    ? number
    : Takes extends 'values'
      ? readonly string[]
      : Takes extends 'integer'
        ? number | undefined
        : Takes extends 'optional-value'
          ? string | true | undefined
          : string | undefined;

export type OptionValues<Options extends OptionDefinitions> = {
  readonly [Name in keyof Options]: ValueOf<Options[Name]['takes']>;
};

export interface CommandLine<Options extends OptionDefinitions> {
  readonly values: OptionValues<Options>;
  /** Options in the order in which they were given, where the last of several commands wins. */
  readonly order: readonly (keyof Options & string)[];
  readonly operands: readonly string[];
  /** `--help`, `--help-all` or `--help-GROUP` was asked for: `main`, `all` or the group's key. */
  readonly help?: string;
}

/** What is wrong with the words of a command line; the command ends with exit code `usage`. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Keeps the options' own types, so that `values` of the parsed line are typed by them. */
export const defineCommand = <const Options extends OptionDefinitions>(
  definition: CommandDefinition<Options>,
): CommandDefinition<Options> => definition;

type Value = boolean | number | string | string[] | undefined;

/** Reads the words after the command's name. Throws `UsageError`. */
export function parseCommandLine<Options extends OptionDefinitions>(
  command: CommandDefinition<Options>,
  words: readonly string[],
): CommandLine<Options> {
  return new Parse(command, words).run();
}

class Parse<Options extends OptionDefinitions> {
  readonly #command: CommandDefinition<Options>;
  readonly #words: readonly string[];
  readonly #byLong = new Map<string, string>();
  readonly #byShort = new Map<string, string>();
  readonly #values: Record<string, Value> = {};
  readonly #order: string[] = [];
  readonly #operands: string[] = [];
  #at = 0;
  #help: string | undefined;

  constructor(command: CommandDefinition<Options>, words: readonly string[]) {
    this.#command = command;
    this.#words = words;
    for (const [long, { short, aliases = [], takes }] of Object.entries(command.options)) {
      for (const name of [long, ...aliases])
        (name.length === 1 ? this.#byShort : this.#byLong).set(name, long);
      if (short !== undefined) this.#byShort.set(short, long);
      this.#values[long] = NOTHING_GIVEN[takes]();
    }
  }

  run(): CommandLine<Options> {
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at++] as string;
      if (word === '--') {
        this.#operands.push(...this.#words.slice(this.#at));
        break;
      }
      if (word.startsWith('--')) this.#long(word);
      else if (word.startsWith('-') && word.length > 1) this.#cluster(word);
      else this.#operands.push(word);
    }
    return {
      values: this.#values as OptionValues<Options>,
      order: this.#order as (keyof Options & string)[],
      operands: this.#operands,
      ...(this.#help === undefined ? {} : { help: this.#help }),
    };
  }

  #long(word: string): void {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const long = this.#byLong.get(name);
    if (long === undefined) {
      this.#noteHelp(word);
      return;
    }
    this.#note(long, equals < 0 ? undefined : word.slice(equals + 1), `--${name}`);
  }

  #noteHelp(word: string): void {
    const asked = word === '--help' ? 'main' : word.startsWith('--help-') ? word.slice(7) : undefined;
    if (asked !== 'main' && asked !== 'all' && this.#command.groups[asked ?? ''] === undefined) {
      throw new UsageError(`Unknown option ${word}`);
    }
    this.#help ??= asked;
  }

  #cluster(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] as string;
      const long = this.#byShort.get(letter);
      if (long === undefined) {
        if (letter !== 'h' && letter !== '?') throw new UsageError(`Unknown option -${letter}`);
        this.#help ??= 'main';
        continue;
      }
      const takes = this.#takes(long);
      if (takes === 'nothing' || takes === 'count') {
        this.#note(long, undefined, `-${letter}`);
        continue;
      }
      this.#note(long, at + 1 < word.length ? word.slice(at + 1) : undefined, `-${letter}`);
      return;
    }
  }

  #takes(long: string): OptionDefinition['takes'] {
    return this.#command.options[long]?.takes ?? 'nothing';
  }

  #note(long: string, glued: string | undefined, spelling: string): void {
    const takes = this.#takes(long);
    const before = this.#values[long];
    this.#order.push(long);
    if (takes === 'nothing') this.#values[long] = true;
    else if (takes === 'count') this.#values[long] = (before as number) + 1;
    else if (takes === 'values') (before as string[]).push(this.#value(glued, spelling));
    else if (takes === 'integer') this.#values[long] = integer(this.#value(glued, spelling), spelling);
    else if (takes === 'optional-value') this.#values[long] = glued ?? this.#nextUnlessOption() ?? true;
    else this.#values[long] = this.#value(glued, spelling);
  }

  #value(glued: string | undefined, spelling: string): string {
    if (glued !== undefined) return glued;
    const next = this.#words[this.#at++];
    if (next === undefined) throw new UsageError(`Missing argument for ${spelling}`);
    return next;
  }

  /** A value that may be left out is the next word, unless that looks like an option. */
  #nextUnlessOption(): string | undefined {
    const next = this.#words[this.#at];
    if (next === undefined || next.startsWith('-')) return undefined;
    this.#at += 1;
    return next;
  }
}

const NOTHING_GIVEN: Readonly<Record<OptionDefinition['takes'], () => Value>> = {
  nothing: () => false,
  count: () => 0,
  values: () => [],
  value: () => undefined,
  integer: () => undefined,
  'optional-value': () => undefined,
};

function integer(text: string, spelling: string): number {
  const value = /^\s*[+-]?(?:\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value))
    throw new UsageError(`Cannot parse integer value “${text}” for ${spelling}`);
  return value;
}
