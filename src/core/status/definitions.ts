import { digestOfValues } from '../cib/digest.ts';
import { hasPlainNvpairs } from '../cib/nvpairs.ts';
import { countsForDigest } from '../cib/operation-parameters.ts';
import type { XmlElement } from '../xml/element.ts';
import { type RuleReader, readAttributeSets } from './nvpairs.ts';
import {
  findOperation,
  type Nested,
  type Operated,
  type OperationContext,
  type OperationQuery,
  operationMeta,
} from './operations.ts';
import { hasPlainParameters } from './parameters.ts';

/** What an operation would be run with, as far as its digests look at it. */
export class Definition {
  readonly all: ReadonlyMap<string, string>;
  readonly digest: string;
  /** The operation has parameters of its own. */
  readonly hasOwn: boolean;
  readonly #restartNames: string | undefined;
  #restartDigest: string | undefined;

  constructor(all: ReadonlyMap<string, string>, restartNames: string | undefined, hasOwn: boolean) {
    this.all = all;
    this.digest = digestOfValues(all);
    this.hasOwn = hasOwn;
    this.#restartNames = restartNames;
  }

  /** Digest of the parameters whose change needs a restart. */
  get restartDigest(): string {
    this.#restartDigest ??=
      this.#restartNames === undefined
        ? this.digest
        : digestOfValues(only(this.all, this.#restartNames.split(' ')));
    return this.#restartDigest;
  }
}

function only(all: ReadonlyMap<string, string>, names: readonly string[]): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  for (const name of names) {
    const value = all.get(name);
    if (value !== undefined) kept.set(name, value);
  }
  return kept;
}

export interface DefinitionQuery {
  readonly task: string;
  readonly interval: number;
  readonly nodeAttributes: ReadonlyMap<string, string>;
  /** Parameters of the resource on the node. */
  readonly parameters: () => ReadonlyMap<string, string>;
  /** Names whose change needs a restart, as the history has them: one text. */
  readonly restartNames: string | undefined;
}

/** A definition that depends on nothing but these elements, so that it holds wherever and whenever they are seen. */
interface Lasting {
  readonly standard: string | undefined;
  readonly task: string;
  readonly interval: number;
  readonly restartNames: string | undefined;
  readonly above: readonly (readonly XmlElement[])[];
  readonly defaults: XmlElement | undefined;
  readonly definition: Definition;
}

/** By the children of the resource's element, which all instances of a clone share: one for each kind and operation. */
const lasting = new WeakMap<readonly XmlElement[], Lasting[]>();

/** What the operation of a resource would be run with now. */
export function definitionOf(
  context: OperationContext,
  resource: Operated,
  query: DefinitionQuery,
): Definition {
  const { children } = resource.xml;
  if (children.length === 0 || resource.flags.remoteConnection)
    return makeDefinition(context, resource, query);
  const all = lasting.get(children) ?? [];
  const at = positionOf(all, resource, query);
  const known = all[at];
  if (known !== undefined && isFor(known, resource, context.operationDefaults)) return known.definition;
  const definition = makeDefinition(context, resource, query);
  if (isLasting(context, resource, query)) {
    const { task, interval, restartNames } = query;
    const standard = resource.agent?.standard;
    const defaults = context.operationDefaults;
    all[at] = { standard, task, interval, restartNames, above: above(resource), defaults, definition };
    if (all.length === 1) lasting.set(children, all);
  }
  return definition;
}

/** Where the definition stands, or will. */
function positionOf(
  all: readonly Lasting[],
  { agent }: Operated,
  { task, interval, restartNames }: DefinitionQuery,
): number {
  let at = 0;
  for (; at < all.length; at += 1) {
    const one = all[at] as Lasting;
    if (one.interval !== interval || one.task !== task) continue;
    if (one.restartNames === restartNames && one.standard === agent?.standard) break;
  }
  return at;
}

function above({ parent }: Nested): readonly (readonly XmlElement[])[] {
  const found: (readonly XmlElement[])[] = [];
  for (let at = parent; at !== undefined; at = at.parent) found.push(at.xml.children);
  return found;
}

function isFor(known: Lasting, { parent }: Nested, defaults: XmlElement | undefined): boolean {
  if (known.defaults !== defaults) return false;
  let depth = 0;
  for (let at = parent; at !== undefined; at = at.parent) {
    if (known.above[depth] !== at.xml.children) return false;
    depth += 1;
  }
  return depth === known.above.length;
}

/** Whether no rule and no reference has a part in it. */
function isLasting(
  context: OperationContext,
  resource: Operated,
  { task, interval }: DefinitionQuery,
): boolean {
  const config = findOperation(resource, task, interval, { disabledToo: true })?.xml;
  if (!hasPlainParameters(resource)) return false;
  for (let at: Nested | undefined = resource; at !== undefined; at = at.parent) {
    if (at.xml.children.some(one => one.name === 'operations' && one.attributes.includes('id-ref')))
      return false;
  }
  return [config, context.operationDefaults].every(
    one => isPlain(one, 'meta_attributes') && isPlain(one, 'instance_attributes'),
  );
}

function makeDefinition(
  context: OperationContext,
  resource: Operated,
  { task, interval, nodeAttributes, parameters, restartNames }: DefinitionQuery,
): Definition {
  const config = findOperation(resource, task, interval, { disabledToo: true })?.xml;
  const own = operationParameters(context.rules, config, nodeAttributes);
  const all = new Map<string, string>();
  const add = (value: string, name: string): void => {
    if (countsForDigest(name) && !all.has(name)) all.set(name, value);
  };
  parameters().forEach(add);
  own.forEach(add);
  const timeout = timeoutForDigest(context, resource, { name: task, interval, config, parameters });
  if (timeout !== undefined) all.set('CRM_meta_timeout', timeout);
  return new Definition(all, restartNames, own.size > 0);
}

/** That of a recurring operation alone counts. */
function timeoutForDigest(
  context: OperationContext,
  resource: Operated,
  query: OperationQuery,
): string | undefined {
  if (query.interval > 0) return operationMeta(context, resource, query).get('timeout');
  // Whatever it is, rules may say until when.
  if (!isPlain(query.config, 'meta_attributes') || !isPlain(context.operationDefaults, 'meta_attributes'))
    operationMeta(context, resource, query);
  return undefined;
}

const isPlain = (one: XmlElement | undefined, sets: 'meta_attributes' | 'instance_attributes'): boolean =>
  one === undefined || hasPlainNvpairs(one, sets);

/** Instance attributes of an operation itself. */
export function operationParameters(
  rules: RuleReader,
  config: XmlElement | undefined,
  nodeAttributes: ReadonlyMap<string, string> | undefined,
): Map<string, string> {
  const own = new Map<string, string>();
  readAttributeSets(rules, config, 'instance_attributes', own, { nodeAttributes });
  return own;
}
