import { milliseconds } from '../base/time.ts';
import { digestOfParameters } from '../cib/digest.ts';
import { hasPlainNvpairs } from '../cib/nvpairs.ts';
import { parametersForDigest } from '../cib/operation-parameters.ts';
import type { XmlElement } from '../xml/element.ts';
import { type RuleReader, readAttributeSets } from './nvpairs.ts';
import {
  findOperation,
  type Nested,
  type Operated,
  type OperationContext,
  operationMeta,
} from './operations.ts';

/** What an operation would be run with, as far as its digests look at it. */
export interface Definition {
  readonly all: Readonly<Record<string, string>>;
  readonly digest: string;
  readonly nonreloadable: Readonly<Record<string, string>>;
  /** The operation has parameters of its own. */
  readonly hasOwn: boolean;
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
  readonly above: readonly (readonly XmlElement[])[];
  readonly defaults: XmlElement | undefined;
  readonly definition: Definition;
}

/** By the children of the resource's element, which all instances of a clone share; then by kind and operation. */
const lasting = new WeakMap<readonly XmlElement[], Map<string, Lasting>>();

/** What the operation of a resource would be run with now. */
export function definitionOf(
  context: OperationContext,
  resource: Operated,
  query: DefinitionQuery,
): Definition {
  const { children } = resource.xml;
  if (children.length === 0 || resource.flags.remoteConnection)
    return makeDefinition(context, resource, query);
  const key = `${resource.agent?.standard} ${query.task} ${query.interval} ${query.restartNames ?? '-'}`;
  const known = lasting.get(children)?.get(key);
  if (known !== undefined && isFor(known, resource, context.operationDefaults)) return known.definition;
  const definition = makeDefinition(context, resource, query);
  if (isLasting(context, resource, query)) {
    const ofResource = lasting.get(children) ?? new Map<string, Lasting>();
    const defaults = context.operationDefaults;
    lasting.set(children, ofResource.set(key, { above: above(resource), defaults, definition }));
  }
  return definition;
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
  for (let at: Nested | undefined = resource; at !== undefined; at = at.parent) {
    if (!hasPlainNvpairs(at.xml, 'instance_attributes')) return false;
    if (at.xml.children.some(one => one.name === 'operations' && one.attributes.includes('id-ref')))
      return false;
  }
  return [config, context.operationDefaults].every(
    one =>
      one === undefined ||
      (hasPlainNvpairs(one, 'meta_attributes') && hasPlainNvpairs(one, 'instance_attributes')),
  );
}

function makeDefinition(
  context: OperationContext,
  resource: Operated,
  { task, interval, nodeAttributes, parameters, restartNames }: DefinitionQuery,
): Definition {
  const config = findOperation(resource, task, interval, { disabledToo: true })?.xml;
  const values: Record<string, string> = {};
  for (const [name, value] of parameters()) values[name] = value;
  const own = operationParameters(context.rules, config, nodeAttributes);
  for (const [name, value] of own) values[name] ??= value;
  const meta = operationMeta(context, resource, { name: task, interval, config, parameters });
  const { all, nonreloadable } = parametersForDigest({
    parameters: values,
    interval: milliseconds(interval),
    ...(meta.has('timeout') ? { timeout: meta.get('timeout') ?? '' } : {}),
    ...(restartNames === undefined ? {} : { restartNames: restartNames.split(' ') }),
  });
  return { all, digest: digestOfParameters(all), nonreloadable, hasOwn: own.size > 0 };
}

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
