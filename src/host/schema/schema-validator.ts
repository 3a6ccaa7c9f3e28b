/** Checks a CIB against the grammar of its schema, by libxml2. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RelaxNGValidator } from 'libxml2-wasm';
import type { Problem } from '../../core/cib/call.ts';
import type { Conclusion } from '../../core/cib/conclude.ts';
import { grammarFor } from '../../core/cib/schema/grammar.ts';
import { onlyNew } from '../../core/cib/schema/reduce.ts';
import { isSchema } from '../../core/cib/schema/versions.ts';
import { checkReferences } from '../../core/cib/validate/references.ts';
import { attribute, idOf, type XmlElement } from '../../core/xml/element.ts';
import { parseXml } from '../../core/xml/parse.ts';
import { printXml } from '../../core/xml/print.ts';
import { select } from '../../core/xml/select.ts';
import { projectFolder } from '../main/project.ts';

/** Beyond these a document is wrong as a whole. */
const MOST_PROBLEMS = 100;

type Library = typeof import('libxml2-wasm');

/** The library takes a while to load: a command that checks nothing does not wait for it. */
export async function loadSchemaValidator(
  folder = join(projectFolder(), 'schema'),
): Promise<SchemaValidator> {
  return new SchemaValidator(await import('libxml2-wasm'), folder);
}

/** How changes of a CIB in a file are concluded: valid ones alone, as the daemons would have it. */
export async function checkedConclusion(): Promise<Conclusion> {
  const validator = await loadSchemaValidator();
  return { validate: cib => validator.check(cib) };
}

export class SchemaValidator {
  readonly #library: Library;
  readonly #files: ReadonlyMap<string, XmlElement>;
  /** Compiled once for a process: a handful of versions at most. */
  readonly #compiled = new Map<string, RelaxNGValidator>();
  /** The last document that was found valid. */
  #valid: XmlElement | undefined;

  constructor(library: Library, folder: string) {
    this.#library = library;
    this.#files = new Map(
      readdirSync(folder)
        .filter(name => name.endsWith('.rng'))
        .map(name => [name, readGrammar(join(folder, name))]),
    );
  }

  /**
   * What is wrong with the document: by the schema that `validate-with` names, and with its references. Given
   * the text that it was read from, lines are those of the text.
   */
  check(cib: XmlElement, source?: string): readonly Problem[] {
    return [...this.validate(cib, source), ...checkReferences(cib)];
  }

  /** By the schema alone. After a valid document only what is new in the next one is looked at. */
  validate(cib: XmlElement, source?: string): readonly Problem[] {
    const name = attribute(cib, 'validate-with') ?? '';
    if (name === 'none') return [];
    if (!isSchema(name)) return [{ message: `schema "${name}" is not known` }];
    if (source !== undefined) return this.#run(name, cib, source);
    const valid = this.#valid;
    const isComparable = valid !== undefined && attribute(valid, 'validate-with') === name;
    const problems = this.#run(name, isComparable ? onlyNew(cib, valid) : cib);
    if (problems.length === 0) this.#valid = cib;
    return problems;
  }

  #run(schema: string, cib: XmlElement, source?: string): readonly Problem[] {
    const { XmlDocument, XmlValidateError } = this.#library;
    const document = XmlDocument.fromString(source ?? printXml(cib));
    try {
      this.#validator(schema.replace('pacemaker-', '')).validate(document);
      return [];
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      const isPlaced = source !== undefined;
      return error.details.slice(0, MOST_PROBLEMS).map(detail => problemOf(detail, cib, isPlaced));
    } finally {
      document.dispose();
    }
  }

  #validator(version: string): RelaxNGValidator {
    const known = this.#compiled.get(version);
    if (known !== undefined) return known;
    const { RelaxNGValidator, XmlDocument } = this.#library;
    const grammar = XmlDocument.fromString(printXml(grammarFor(this.#files, version)));
    try {
      const validator = RelaxNGValidator.fromDoc(grammar);
      this.#compiled.set(version, validator);
      return validator;
    } finally {
      grammar.dispose();
    }
  }
}

function readGrammar(path: string): XmlElement {
  const parsed = parseXml(readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(`${path}: line ${parsed.line}: ${parsed.message}`);
  return parsed.root;
}

interface Detail {
  readonly message: string;
  readonly line: number;
  readonly xpath?: string;
}

function problemOf({ message, line, xpath }: Detail, cib: XmlElement, isPlaced: boolean): Problem {
  const id = xpath === undefined ? undefined : idAt(cib, xpath);
  const tag = xpath?.replace(/^.*\//, '').replace(/\[\d+\]$/, '');
  return {
    message: message.trim(),
    kind: 'schema',
    ...(tag === undefined ? {} : { tag }),
    ...(id === undefined ? {} : { element: id }),
    ...(isPlaced ? { line } : {}),
  };
}

/** Id of the element at the path, or of the nearest one above it that has any. */
function idAt(cib: XmlElement, xpath: string): string | undefined {
  const selection = select(cib, `${xpath}/ancestor-or-self::*[@id]`);
  const nearest = selection.ok ? selection.matches.at(-1)?.element : undefined;
  return nearest && idOf(nearest);
}
