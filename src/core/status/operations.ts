import { parseDate } from '../model/iso8601.ts';
import type { Role } from '../model/role.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import { type RuleReader, type RuleSubject, readAttributeSets } from './nvpairs.ts';
import type { AgentName, ClusterOptions, OperationPicture, ResourceFlags } from './picture.ts';
import { parseInterval, parseMilliseconds, sameText } from './words.ts';

/** What is to be done after a failure, mildest first. */
const ON_FAIL = [
  'ignore',
  'demote',
  'restart',
  'reset-remote',
  'restart-container',
  'ban',
  'block',
  'stop',
  'standby',
  'fence',
] as const;
export type OnFail = (typeof ON_FAIL)[number];
export const harsher = (left: OnFail, right: OnFail): boolean =>
  ON_FAIL.indexOf(left) > ON_FAIL.indexOf(right);

/** An element of the configuration, and what it stands in. */
export interface Nested {
  readonly xml: XmlElement;
  readonly parent?: Nested | undefined;
}

/** As much of a resource as its operations depend on. */
export interface Operated extends Nested {
  readonly id: string;
  readonly agent?: AgentName | undefined;
  readonly operations: readonly OperationPicture[];
  readonly flags: Pick<
    ResourceFlags,
    'managed' | 'remoteConnection' | 'needsFencing' | 'needsQuorum' | 'fenceDevice'
  >;
  readonly reconnectInterval: number;
  readonly launcher?: object | undefined;
}

/** As much of the cluster. */
export interface OperationContext {
  readonly rules: RuleReader;
  readonly operationDefaults?: XmlElement | undefined;
  readonly options: Pick<ClusterOptions, 'fencingEnabled'>;
  readonly now: number;
}

/** The configured operation of that name and interval (`migrate` stands for both halves of a migration). */
export function findOperation(
  resource: Pick<Operated, 'operations'>,
  name: string,
  interval: number,
  { disabledToo }: { readonly disabledToo: boolean },
): OperationPicture | undefined {
  const { operations } = resource;
  const found = exactOperation(operations, name, interval, disabledToo);
  if (found !== undefined || (name !== 'migrate_to' && name !== 'migrate_from')) return found;
  return exactOperation(operations, 'migrate', 0, disabledToo);
}

function exactOperation(
  operations: readonly OperationPicture[],
  name: string,
  interval: number,
  disabledToo: boolean,
): OperationPicture | undefined {
  for (let at = 0; at < operations.length; at += 1) {
    const one = operations[at] as OperationPicture;
    if (one.interval === interval && one.name === name && (disabledToo || one.enabled)) return one;
  }
  return undefined;
}

export interface OperationQuery {
  readonly name: string;
  readonly interval: number;
  readonly config: XmlElement | undefined;
  /** Parameters of the resource where it will run: a fence device's timeout may stand among them. */
  readonly parameters: () => ReadonlyMap<string, string>;
}

/** Meta-attributes of an operation: its own, its sets, the defaults of operations; `timeout` in milliseconds. */
export function operationMeta(
  context: OperationContext,
  resource: Operated,
  { name, interval, config, parameters }: OperationQuery,
): Map<string, string> {
  const meta = new Map<string, string>();
  const subject: RuleSubject = { agent: resource.agent, operation: { name, interval } };
  if (config !== undefined) {
    readAttributeSets(context.rules, config, 'meta_attributes', meta, subject);
    const { attributes } = config;
    for (let at = 0; at < attributes.length; at += 2) {
      meta.set(attributes[at] as string, attributes[at + 1] as string);
    }
  }
  const isProbe = name === 'monitor' && interval === 0;
  if (isProbe && !meta.has('timeout')) {
    const timeout = mostFrequentMonitor(resource)?.xml;
    const text = timeout === undefined ? undefined : attribute(timeout, 'timeout');
    if (text !== undefined) meta.set('timeout', text);
  }
  readAttributeSets(context.rules, context.operationDefaults, 'meta_attributes', meta, subject);
  meta.delete('id');
  if (interval > 0) meta.set('interval', String(interval));
  else meta.delete('interval');
  if (sameText(resource.agent?.standard, 'stonith') && (name === 'start' || isProbe)) {
    const timeout = parameters().get('pcmk_monitor_timeout');
    if (timeout !== undefined) meta.set('timeout', timeout);
  }
  meta.set('timeout', String(timeoutOf(meta.get('timeout'))));
  checkOnFail(resource, name, config, meta);
  setStartDelay(context, meta, interval);
  return meta;
}

const LONGEST_TIMEOUT = 0x7fff_ffff;
const DEFAULT_TIMEOUT = 20_000;

function timeoutOf(text: string | undefined): number {
  const value = parseMilliseconds(text);
  return value === undefined || value <= 0 ? DEFAULT_TIMEOUT : Math.min(value, LONGEST_TIMEOUT);
}

function mostFrequentMonitor(resource: Operated): OperationPicture | undefined {
  let found: OperationPicture | undefined;
  for (const one of resource.operations) {
    if (one.name !== 'monitor' || one.interval === 0 || !one.enabled) continue;
    if (found === undefined || one.interval < found.interval) found = one;
  }
  return found;
}

function setStartDelay(context: OperationContext, meta: Map<string, string>, interval: number): void {
  const delay = meta.get('start-delay');
  if (delay !== undefined) {
    const value = parseMilliseconds(delay);
    meta.set('start-delay', String(Math.min(Math.max(value ?? 0, 0), LONGEST_TIMEOUT)));
    return;
  }
  const origin = meta.get('interval-origin');
  if (origin === undefined || interval === 0) return;
  const from = parseDate(origin);
  if (from === undefined) return;
  const every = Math.round(interval / 1000);
  const passed = Math.trunc((context.now - from) / 1000) % every;
  meta.set('start-delay', String(((passed <= 0 ? 0 : every) - passed) * 1000));
}

const isPromotedRole = (role: string | undefined): boolean =>
  sameText(role, 'Promoted') || sameText(role, 'Master');

/** `on-fail` where it may not stand is as if it were not there; demotion takes it from the promoted monitor. */
function checkOnFail(
  resource: Operated,
  name: string,
  config: XmlElement | undefined,
  meta: Map<string, string>,
): void {
  const value = meta.get('on-fail')?.toLowerCase();
  if (name === 'stop' && (value === 'standby' || value === 'demote' || value === 'stop')) {
    meta.delete('on-fail');
    return;
  }
  if (name === 'demote' && value === undefined) {
    for (const { xml, name: other, interval, enabled } of resource.operations) {
      const onFail = attribute(xml, 'on-fail');
      if (onFail === undefined || other !== 'monitor' || !isPromotedRole(attribute(xml, 'role'))) continue;
      if (interval !== 0 && enabled && onFail.toLowerCase() !== 'demote') meta.set('on-fail', onFail);
    }
    return;
  }
  if (name === 'lrm_delete') {
    meta.set('on-fail', 'ignore');
    return;
  }
  if (value !== 'demote') return;
  const configured = config === undefined ? undefined : attribute(config, 'name');
  const recurs = parseInterval(config === undefined ? undefined : attribute(config, 'interval')) !== 0;
  const role = config === undefined ? undefined : attribute(config, 'role');
  const mayDemote = configured === 'promote' || (configured === 'monitor' && recurs && isPromotedRole(role));
  if (!mayDemote) meta.delete('on-fail');
}

/** What a failure of the operation leads to. */
export function onFailOf(
  context: OperationContext,
  resource: Operated,
  { name, interval }: { readonly name: string; readonly interval: number },
  { text, isRemoteNode }: { readonly text: string | undefined; readonly isRemoteNode: boolean },
): OnFail {
  const { fencingEnabled } = context.options;
  const isProbe = name === 'monitor' && interval === 0;
  const resetsRemote = resource.flags.remoteConnection && isRemoteNode && !isProbe && name !== 'start';
  const asked =
    resetsRemote && !resource.flags.managed ? undefined : askedFor(text, { fencingEnabled, resource });
  if (asked !== undefined) return asked;
  if (resource.launcher !== undefined) return 'restart-container';
  if (resetsRemote) return resource.flags.managed ? 'reset-remote' : 'stop';
  if (name === 'stop') return fencingEnabled ? 'fence' : 'block';
  return 'restart';
}

function askedFor(
  text: string | undefined,
  { fencingEnabled, resource }: { readonly fencingEnabled: boolean; readonly resource: Operated },
): OnFail | undefined {
  switch (text?.toLowerCase()) {
    case 'block':
    case 'stop':
    case 'restart':
    case 'demote':
    case 'standby':
      return text.toLowerCase() as OnFail;
    case 'fence':
      return fencingEnabled ? 'fence' : 'stop';
    case 'ignore':
    case 'nothing':
      return 'ignore';
    case 'migrate':
      return 'ban';
    case 'restart-container':
      return resource.launcher === undefined ? undefined : 'restart-container';
    default:
      return undefined;
  }
}

/** The role that a resource goes to when the operation failed. */
export function roleAfterFailure(resource: Operated, name: string, onFail: OnFail): Role {
  if (onFail === 'stop') return 'Stopped';
  if (onFail === 'reset-remote' && resource.reconnectInterval !== 0) return 'Stopped';
  return name === 'promote' ? 'Unpromoted' : 'Started';
}
