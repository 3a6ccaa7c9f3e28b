/** Attribute messages as XML, in the words of Pacemaker's attribute manager. */
import { type Duration, milliseconds } from '../base/time.ts';
import { type NodeName, nodeName } from '../model/names.ts';
import { attribute, childrenNamed, element, type XmlElement } from '../xml/element.ts';
import type {
  AttributeFailure,
  AttributeMessage,
  AttributeState,
  AttributeSync,
  AttributeUpdate,
} from './attributes.ts';

const OPERATIONS = ['update', 'update-both', 'update-delay', 'delete'] as const;

export function encodeAttributeMessage(message: AttributeMessage): XmlElement {
  switch (message.kind) {
    case 'update':
      return encodeUpdate(message);
    case 'failure':
      return encodeFailure(message);
    case 'purge':
      return element('attrd', { task: 'peer-remove', attr_host: message.node });
    case 'refresh':
      return element('attrd', { task: 'refresh', token: message.token });
    case 'meet':
      return element('attrd', { task: 'sync', meeting: message.meeting });
    case 'sync':
      return element(
        'attrd',
        { task: 'sync-response', meeting: message.meeting, component: message.component.join(' ') },
        message.attributes.map(encodeState),
      );
  }
}

function encodeUpdate(update: AttributeUpdate): XmlElement {
  const { names } = update;
  return element('attrd', {
    task: update.operation,
    ...('name' in names ? { attr_name: names.name } : { attr_regex: names.pattern }),
    attr_host: update.node,
    attr_value: update.value,
    attr_dampening: printDampening(update.dampening),
    attr_set: update.set,
    attr_is_private: update.private === true ? 1 : undefined,
    token: update.token,
  });
}

const encodeFailure = ({ node, what, identity, count, at }: AttributeFailure): XmlElement =>
  element('attrd', {
    task: 'failure',
    attr_host: node,
    attr_name: what,
    attr_value: count,
    failure: identity,
    at,
  });

/** An attribute is known, with its dampening, even where no node has a value for it. */
const encodeState = ({ name, set, dampening, values, failures, ...of }: AttributeState): XmlElement =>
  element(
    'attribute',
    {
      attr_name: name,
      attr_set: set,
      attr_is_private: of.private ? 1 : 0,
      attr_dampening: printDampening(dampening),
    },
    [
      ...values.map(([attr_host, attr_value]) => element('node', { attr_host, attr_value })),
      ...failures.flatMap(([attr_host, identities]) =>
        identities.map(failure => element('failure', { attr_host, failure })),
      ),
    ],
  );

/** `undefined` where it is none that we know. */
export function decodeAttributeMessage(from: XmlElement): AttributeMessage | undefined {
  const task = attribute(from, 'task');
  const token = readNumber(from, 'token');
  switch (task) {
    case 'peer-remove': {
      const node = readNode(from);
      return node === undefined ? undefined : { kind: 'purge', node };
    }
    case 'failure':
      return decodeFailure(from);
    case 'refresh':
      return { kind: 'refresh', ...(token === undefined ? {} : { token }) };
    case 'sync':
      return { kind: 'meet', meeting: attribute(from, 'meeting') ?? '' };
    case 'sync-response':
      return decodeSync(from);
    default: {
      const operation = OPERATIONS.find(one => one === task);
      return operation === undefined ? undefined : decodeUpdate(from, operation);
    }
  }
}

function decodeUpdate(
  from: XmlElement,
  operation: AttributeUpdate['operation'],
): AttributeUpdate | undefined {
  const name = attribute(from, 'attr_name');
  const pattern = attribute(from, 'attr_regex');
  const names = name !== undefined ? { name } : pattern !== undefined ? { pattern } : undefined;
  if (names === undefined) return undefined;
  const update = {
    node: readNode(from),
    value: attribute(from, 'attr_value'),
    dampening: readDampening(from),
    set: attribute(from, 'attr_set'),
    private: attribute(from, 'attr_is_private') === '1' ? true : undefined,
    token: readNumber(from, 'token'),
  };
  return { kind: 'update', operation, names, ...present(update) };
}

function decodeFailure(from: XmlElement): AttributeFailure | undefined {
  const [node, what, identity, at] = [
    readNode(from),
    attribute(from, 'attr_name'),
    attribute(from, 'failure'),
    readNumber(from, 'at'),
  ];
  if (node === undefined || what === undefined || identity === undefined || at === undefined)
    return undefined;
  return { kind: 'failure', node, what, identity, at, ...present({ count: attribute(from, 'attr_value') }) };
}

/** Without what is `undefined`: an optional field is there or it is not. */
function present<T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

const decodeSync = (from: XmlElement): AttributeSync => ({
  kind: 'sync',
  meeting: attribute(from, 'meeting') ?? '',
  component: readNodes(from),
  attributes: childrenNamed(from, 'attribute').map(decodeState),
});

function decodeState(from: XmlElement): AttributeState {
  const set = attribute(from, 'attr_set');
  const failures = new Map<NodeName, readonly string[]>();
  for (const one of childrenNamed(from, 'failure')) {
    const node = nodeName(attribute(one, 'attr_host') ?? '');
    failures.set(node, [...(failures.get(node) ?? []), attribute(one, 'failure') ?? '']);
  }
  return {
    name: attribute(from, 'attr_name') ?? '',
    ...(set === undefined ? {} : { set }),
    private: attribute(from, 'attr_is_private') === '1',
    dampening: readDampening(from) ?? milliseconds(0),
    values: childrenNamed(from, 'node').map(
      node => [nodeName(attribute(node, 'attr_host') ?? ''), attribute(node, 'attr_value') ?? ''] as const,
    ),
    failures: [...failures],
  };
}

function readNode(from: XmlElement): NodeName | undefined {
  const name = attribute(from, 'attr_host');
  return name === undefined ? undefined : nodeName(name);
}

const readNodes = (from: XmlElement): NodeName[] =>
  (attribute(from, 'component') ?? '')
    .split(' ')
    .filter(one => one !== '')
    .map(nodeName);

function readNumber(from: XmlElement, name: string): number | undefined {
  const text = attribute(from, name);
  return text === undefined ? undefined : Number(text);
}

/** Whole seconds stand alone, as Pacemaker sends them. */
const printDampening = (of: Duration | undefined): string | undefined =>
  of === undefined ? undefined : of % 1000 === 0 ? String(of / 1000) : `${of}ms`;

function readDampening(from: XmlElement): Duration | undefined {
  const [, count, unit] = /^(\d+)(ms)?$/.exec(attribute(from, 'attr_dampening') ?? '') ?? [];
  return count === undefined ? undefined : milliseconds(Number(count) * (unit === 'ms' ? 1 : 1000));
}
