/**
 * What start tags looked like so far. Elements of a CIB are alike: nearly every tag is as one was before, so that its
 * names need not be read, but only compared with the source.
 */

/** Names of attributes that a start tag begins with, in this order; each stands there once. */
export class Shape {
  readonly name: string;
  readonly #shorter: Shape | undefined;
  /** One attribute more, and that which came last. */
  readonly #longer: Shape[] = [];
  #last: Shape | undefined;
  /** The last name as it stands in a tag, up to its value. */
  readonly opening: string;
  /** Names, each with room for its value. */
  readonly form: readonly string[];

  constructor(name: string, shorter?: Shape) {
    this.name = name;
    this.#shorter = shorter;
    this.opening = ` ${name}="`;
    this.form = shorter === undefined ? [] : [...shorter.form, name, ''];
  }

  /** The shape that the tag has with the attribute that stands there, if it is known and stands there as usual. */
  after(source: string, at: number): Shape | undefined {
    const last = this.#last;
    if (last !== undefined && source.startsWith(last.opening, at)) return last;
    const longer = this.#longer;
    for (let index = 0; index < longer.length; index += 1) {
      const one = longer[index] as Shape;
      if (one === last || !source.startsWith(one.opening, at)) continue;
      this.#last = one;
      return one;
    }
    return undefined;
  }

  /** That with an attribute of this name, if it is known. */
  with(name: string): Shape | undefined {
    return this.#longer.find(one => one.name === name);
  }

  /** Makes that known; `undefined` where the name stands in the tag already. */
  learn(name: string): Shape | undefined {
    for (let at: Shape | undefined = this; at !== undefined; at = at.#shorter) {
      if (at.name === name) return undefined;
    }
    const longer = new Shape(shared(name), this);
    this.#longer.push(longer);
    made += 1;
    return longer;
  }
}

/** A place between elements, and the start tag that came there last. */
export interface Place {
  next: Tag | undefined;
}

/** Start tags of one name, and what came behind them. */
export class Tag implements Place {
  readonly name: string;
  readonly opening: string;
  readonly shape = new Shape('');
  next: Tag | undefined;
  /** Behind the end tag. */
  readonly end: Place = { next: undefined };

  constructor(name: string) {
    this.name = name;
    this.opening = `<${name}`;
  }
}

const tags = new Map<string, Tag>();

export const knownTag = (name: string): Tag | undefined => tags.get(name);

export function learnTag(name: string): Tag {
  const tag = new Tag(shared(name));
  tags.set(tag.name, tag);
  made += 1;
  return tag;
}

/** How many tags and shapes are known, and with how many all is forgotten before the next document. */
let made = 0;
const REMEMBERED = 10_000;

export function forgetIfTooMany(): void {
  if (made < REMEMBERED) return;
  tags.clear();
  made = 0;
}

/**
 * The name as the engine has it for properties and for the words of the code: as it is cut out of a source it would
 * keep that alive, and each comparison with such a word would look at all its letters.
 */
const shared = (name: string): string => Object.keys({ [name]: true })[0] ?? name;
