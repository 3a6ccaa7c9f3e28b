/** Reads what a client sent: from JSON of any shape to a request that the daemons' types promise, or a problem. */
import type { XmlElement } from '../xml/element.ts';
import type { ClientRequest, FencingAction, Topic } from './client.ts';

export type RequestRead =
  | { readonly ok: true; readonly request: ClientRequest }
  | { readonly ok: false; readonly problem: string };

type Kind = ClientRequest['kind'];
type OperationOf<K extends Kind> =
  Extract<ClientRequest, { readonly kind: K }> extends infer R
    ? R extends { readonly operation: infer O }
      ? O & string
      : never
    : never;

/** Every operation of every kind, so that one that is added does not compile until it is added here. */
const OPERATIONS: {
  readonly [K in Exclude<Kind, 'subscribe'>]: Readonly<Record<OperationOf<K>, readonly string[]>>;
} = {
  cib: {
    query: [],
    create: ['input'],
    modify: ['input'],
    replace: ['input'],
    delete: [],
    'delete-all': ['xpath'],
    erase: [],
    bump: [],
    upgrade: [],
    patch: ['input'],
  },
  attribute: {
    update: ['value'],
    'update-both': ['value', 'dampening'],
    'update-delay': ['dampening'],
    delete: [],
    query: [],
    refresh: [],
  },
  controller: {
    ping: [],
    dc: [],
    members: [],
    'who-am-i': [],
    quorum: [],
    refresh: [],
    fail: ['resource', 'node'],
    'remove-node': ['node'],
    'shut-down': [],
  },
  fencer: {
    fence: ['target', 'action'],
    confirm: ['target'],
    devices: [],
    'query-device': ['device'],
    'list-targets': ['device'],
    'register-device': ['device'],
    'remove-device': ['device'],
    'register-level': ['level'],
    'remove-level': ['level'],
    history: [],
    'clear-history': [],
  },
};

type FieldType = 'text' | 'number' | 'boolean' | 'element';

const FIELDS: Readonly<Record<string, readonly FieldType[]>> = {
  section: ['text'],
  xpath: ['text'],
  input: ['element'],
  local: ['boolean'],
  noChildren: ['boolean'],
  allowCreate: ['boolean'],
  force: ['boolean'],
  name: ['text'],
  pattern: ['text'],
  value: ['text'],
  node: ['text'],
  dampening: ['number'],
  set: ['text'],
  private: ['boolean'],
  resource: ['text'],
  failuresOnly: ['boolean'],
  failedOperation: ['text'],
  interval: ['number'],
  target: ['text'],
  timeout: ['number'],
  delay: ['number'],
  tolerance: ['number'],
  device: ['text', 'element'],
  level: ['element'],
};

const TOPICS: readonly Topic[] = ['cib', 'attributes', 'fencing', 'membership', 'transition'];
const ACTIONS: readonly FencingAction[] = ['on', 'off', 'reboot'];

export function readClientRequest(value: unknown): RequestRead {
  const problem = problemOf(value);
  return problem === undefined ? { ok: true, request: value as ClientRequest } : { ok: false, problem };
}

function problemOf(value: unknown): string | undefined {
  if (!isRecord(value)) return 'a request is an object';
  const { kind, operation } = value;
  if (kind === 'subscribe') return problemOfTopics(value.topics);
  const known: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = OPERATIONS;
  const operations = typeof kind === 'string' && Object.hasOwn(known, kind) ? known[kind] : undefined;
  if (operations === undefined) return `unknown kind of request ${String(kind)}`;
  const needed =
    typeof operation === 'string' && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (needed === undefined) return `unknown operation ${String(operation)}`;
  const missing = needed.find(name => value[name] === undefined);
  if (missing !== undefined) return `${operation} needs ${missing}`;
  for (const name in value) {
    if (name === 'kind' || name === 'operation' || value[name] === undefined) continue;
    const wrong = problemOfField(name, value[name]);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function problemOfTopics(topics: unknown): string | undefined {
  const known: readonly unknown[] = TOPICS;
  return Array.isArray(topics) && topics.every(topic => known.includes(topic)) ? undefined : 'unknown topic';
}

function problemOfField(name: string, value: unknown): string | undefined {
  if (name === 'action') {
    const known: readonly unknown[] = ACTIONS;
    return known.includes(value) ? undefined : `unknown action ${String(value)}`;
  }
  const types = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (types === undefined) return `unknown field ${name}`;
  return types.some(type => isOf(type, value)) ? undefined : `${name} is no ${types.join(' or ')}`;
}

function isOf(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'element':
      return isElement(value);
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isElement = (value: unknown): value is XmlElement =>
  isRecord(value) && typeof value.name === 'string' && Array.isArray(value.attributes);
