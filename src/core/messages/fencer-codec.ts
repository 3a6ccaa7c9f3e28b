/** Fencer messages as XML, in the words of Pacemaker's fencer where it has them. */
import { defined } from '../base/assert.ts';
import { instant, milliseconds } from '../base/time.ts';
import { type NodeName, nodeName } from '../model/names.ts';
import { attribute, childrenNamed, element, type XmlElement } from '../xml/element.ts';
import type { FencingAction } from './client.ts';
import type { FencerMessage, FencingEntry, FencingRefusal, OfferedDevice } from './fencer.ts';

const ROOT = 'stonith_command';
const ACTIONS: readonly FencingAction[] = ['on', 'off', 'reboot'];
const REFUSALS: readonly FencingRefusal[] = ['no-device', 'timeout', 'failed'];

export function encodeFencerMessage(message: FencerMessage): XmlElement {
  switch (message.kind) {
    case 'request':
      return element(ROOT, {
        st_op: 'st_query',
        st_remote_op: message.id,
        st_target: message.target,
        st_device_action: message.action,
        st_clientname: message.client,
      });
    case 'join':
      return element(ROOT, {
        st_op: 'st_op_relay',
        st_remote_op: message.id,
        st_remote_op_relay: message.other,
      });
    case 'offer':
      return element(
        ROOT,
        { st_op: 'st_query_reply', st_remote_op: message.id },
        message.devices.map(encodeOffer),
      );
    case 'run':
      return element(ROOT, {
        st_op: 'st_fence',
        st_remote_op: message.id,
        st_call_id: message.run,
        st_delegate: message.peer,
        st_device_id: message.device,
        st_target: message.target,
        st_device_action: message.action,
        st_timeout: message.timeout,
        st_delay: message.delay,
        last: message.last,
      });
    case 'ran':
      return element(ROOT, {
        st_op: 'st_fence_reply',
        st_remote_op: message.id,
        st_call_id: message.run,
        st_ok: message.ok,
        st_output: message.reason,
      });
    case 'result':
      return element(ROOT, { st_op: 'st_notify_fence' }, [encodeEntry(message.entry)]);
    case 'history':
      return element(ROOT, { st_op: 'st_fence_history' }, message.entries.map(encodeEntry));
    case 'clear-history':
      return element(ROOT, { st_op: 'st_fence_history_cleanup', st_target: message.target });
  }
}

const encodeOffer = ({ device, verified, priority, timeouts, delay }: OfferedDevice): XmlElement =>
  element('st_device_id', {
    id: device,
    st_monitor_verified: verified,
    priority,
    st_delay_max: delay,
    st_on_timeout: timeouts.on,
    st_off_timeout: timeouts.off,
    st_reboot_timeout: timeouts.reboot,
  });

const encodeEntry = (entry: FencingEntry): XmlElement =>
  element('st_history', {
    st_remote_op: entry.id,
    st_target: entry.target,
    st_device_action: entry.action,
    st_origin: entry.origin,
    st_clientname: entry.client,
    st_ok: entry.ok,
    st_delegate: entry.delegate,
    st_refusal: entry.refusal,
    st_output: entry.reason,
    st_date: entry.at,
  });

/** `undefined` where it is none that we know. */
export function decodeFencerMessage(from: XmlElement): FencerMessage | undefined {
  return [from, ...from.children].every(isUnderstood) ? decode(from) : undefined;
}

/** A newer release may know an action that is none here. */
function isUnderstood(one: XmlElement): boolean {
  const action = attribute(one, 'st_device_action');
  return actionOf(one) !== undefined || (action === undefined && !needsAction(one));
}

const needsAction = (one: XmlElement): boolean =>
  one.name === 'st_history' || ['st_query', 'st_fence'].includes(attribute(one, 'st_op') ?? '');

const actionOf = (from: XmlElement): FencingAction | undefined =>
  ACTIONS.find(one => one === attribute(from, 'st_device_action'));

function decode(from: XmlElement): FencerMessage | undefined {
  const id = text(from, 'st_remote_op');
  switch (attribute(from, 'st_op')) {
    case 'st_query':
      return { kind: 'request', id, ...aim(from), client: text(from, 'st_clientname') };
    case 'st_op_relay':
      return { kind: 'join', id, other: text(from, 'st_remote_op_relay') };
    case 'st_query_reply':
      return { kind: 'offer', id, devices: childrenNamed(from, 'st_device_id').map(decodeOffer) };
    case 'st_fence':
      return {
        kind: 'run',
        id,
        run: number(from, 'st_call_id'),
        peer: name(from, 'st_delegate'),
        device: text(from, 'st_device_id'),
        ...aim(from),
        timeout: milliseconds(number(from, 'st_timeout')),
        delay: number(from, 'st_delay'),
        last: truth(from, 'last'),
      };
    case 'st_fence_reply': {
      const run = number(from, 'st_call_id');
      return { kind: 'ran', id, run, ok: truth(from, 'st_ok'), ...optional(from, 'st_output', 'reason') };
    }
    case 'st_notify_fence': {
      const [entry] = from.children.map(decodeEntry);
      return entry === undefined ? undefined : { kind: 'result', entry };
    }
    case 'st_fence_history':
      return { kind: 'history', entries: from.children.map(decodeEntry) };
    case 'st_fence_history_cleanup': {
      const target = attribute(from, 'st_target');
      return { kind: 'clear-history', ...(target === undefined ? {} : { target: nodeName(target) }) };
    }
    default:
      return undefined;
  }
}

function decodeOffer(from: XmlElement): OfferedDevice {
  const timeouts: Partial<Record<FencingAction, ReturnType<typeof milliseconds>>> = {};
  for (const action of ACTIONS) {
    const timeout = attribute(from, `st_${action}_timeout`);
    if (timeout !== undefined) timeouts[action] = milliseconds(Number(timeout));
  }
  return {
    device: text(from, 'id'),
    verified: truth(from, 'st_monitor_verified'),
    priority: number(from, 'priority'),
    timeouts,
    delay: milliseconds(number(from, 'st_delay_max')),
  };
}

function decodeEntry(from: XmlElement): FencingEntry {
  const delegate = attribute(from, 'st_delegate');
  const refusal = REFUSALS.find(one => one === attribute(from, 'st_refusal'));
  return {
    id: text(from, 'st_remote_op'),
    ...aim(from),
    origin: name(from, 'st_origin'),
    client: text(from, 'st_clientname'),
    ok: truth(from, 'st_ok'),
    ...(delegate === undefined ? {} : { delegate: nodeName(delegate) }),
    ...(refusal === undefined ? {} : { refusal }),
    ...optional(from, 'st_output', 'reason'),
    at: instant(number(from, 'st_date')),
  };
}

const aim = (from: XmlElement): { readonly target: NodeName; readonly action: FencingAction } => ({
  target: name(from, 'st_target'),
  action: defined(actionOf(from), 'action of a fencing'),
});

const text = (from: XmlElement, key: string): string => attribute(from, key) ?? '';
const name = (from: XmlElement, key: string): NodeName => nodeName(text(from, key));
const number = (from: XmlElement, key: string): number => Number(attribute(from, key) ?? 0);
const truth = (from: XmlElement, key: string): boolean => attribute(from, key) === 'true';

function optional<K extends string>(from: XmlElement, key: string, as: K): Partial<Record<K, string>> {
  const value = attribute(from, key);
  return (value === undefined ? {} : { [as]: value }) as Partial<Record<K, string>>;
}
