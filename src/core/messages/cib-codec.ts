/** Messages of CIB managers as XML, in the words of Pacemaker's `cib_command`. */
import { unreachable } from '../base/assert.ts';
import { instant } from '../base/time.ts';
import type { CibOperation } from '../cib/call.ts';
import { type AttributeInit, attribute, child, element, type XmlElement } from '../xml/element.ts';
import type { CibMessage, CibWriteMessage, Position } from './cib.ts';
import type { CibRequest } from './client.ts';

const OPERATIONS: Readonly<Record<CibOperation, string>> = {
  query: 'cib_query',
  create: 'cib_create',
  modify: 'cib_modify',
  replace: 'cib_replace',
  delete: 'cib_delete',
  'delete-all': 'cib_delete_alt',
  erase: 'cib_erase',
  bump: 'cib_bump',
  upgrade: 'cib_upgrade',
  patch: 'cib_apply_diff',
};

const BY_WORD = new Map(
  Object.entries(OPERATIONS).map(([operation, word]) => [word, operation as CibOperation]),
);

export function encodeCib(message: CibMessage): XmlElement {
  switch (message.kind) {
    case 'write':
      return encodeWrite(message);
    case 'stored': {
      const { round, applied, durable } = message;
      return command('cib_stored', { round, applied, durable });
    }
    case 'round':
      return command('cib_round', { round: message.round });
    case 'position':
      return encodePosition(message);
    case 'document':
      return command('cib_sync', { round: message.round }, message.cib);
    case 'patchset':
      return command('cib_sync_one', { round: message.round }, message.patchset);
    case 'check': {
      const { round, applied, fingerprint } = message;
      return command('cib_ping', { round, applied, digest: fingerprint });
    }
    default:
      return unreachable(message);
  }
}

function command(operation: string, attributes: AttributeInit, data?: XmlElement): XmlElement {
  const children = data === undefined ? [] : [element('cib_calldata', {}, [data])];
  return element('cib_command', { t: 'cib', cib_op: operation, ...attributes }, children);
}

function encodeWrite({ call, request, identity, at }: CibWriteMessage): XmlElement {
  const attributes = {
    cib_callid: call,
    cib_section: request.section,
    cib_xpath: request.xpath,
    cib_no_children: request.noChildren,
    cib_can_create: request.allowCreate,
    cib_force: request.force,
    cib_local: request.local,
    cib_user: identity.user,
    cib_groups: identity.groups.length === 0 ? undefined : identity.groups.join(' '),
    cib_clientname: identity.name,
    cib_clientpid: identity.pid,
    at,
  };
  return command(OPERATIONS[request.operation], attributes, request.input);
}

function encodePosition(message: Extract<CibMessage, { readonly kind: 'position' }>): XmlElement {
  const { round, version, lineage, fingerprint, wasQuorate, at } = message;
  return command('cib_position', {
    round,
    admin_epoch: version.adminEpoch,
    epoch: version.epoch,
    num_updates: version.numUpdates,
    term: lineage.term,
    writes: lineage.writes,
    digest: fingerprint,
    'have-quorum': wasQuorate,
    at,
  });
}

/** `undefined` where the element is no message that is known here. */
export function decodeCib(xml: XmlElement): CibMessage | undefined {
  const word = attribute(xml, 'cib_op') ?? '';
  const round = attribute(xml, 'round') ?? '';
  const number = (name: string) => Number(attribute(xml, name) ?? 0);
  const data = child(xml, 'cib_calldata')?.children[0];
  switch (word) {
    case 'cib_stored':
      return { kind: 'stored', round, applied: number('applied'), durable: number('durable') };
    case 'cib_round':
      return { kind: 'round', round };
    case 'cib_position':
      return { kind: 'position', round, ...decodePosition(xml) };
    case 'cib_sync':
      return data && { kind: 'document', round, cib: data };
    case 'cib_sync_one':
      return data && { kind: 'patchset', round, patchset: data };
    case 'cib_ping':
      return {
        kind: 'check',
        round,
        applied: number('applied'),
        fingerprint: attribute(xml, 'digest') ?? '',
      };
    default: {
      const operation = BY_WORD.get(word);
      return operation === undefined ? undefined : decodeWrite(xml, operation, data);
    }
  }
}

function decodePosition(xml: XmlElement): Position {
  const number = (name: string) => Number(attribute(xml, name) ?? 0);
  return {
    version: {
      adminEpoch: number('admin_epoch'),
      epoch: number('epoch'),
      numUpdates: number('num_updates'),
    },
    lineage: { term: number('term'), writes: number('writes') },
    fingerprint: attribute(xml, 'digest') ?? '',
    wasQuorate: attribute(xml, 'have-quorum') === 'true',
    at: instant(number('at')),
  };
}

function decodeWrite(
  xml: XmlElement,
  operation: CibOperation,
  input: XmlElement | undefined,
): CibWriteMessage {
  const text = <Key extends string>(key: Key, name: string): { readonly [K in Key]?: string } => {
    const value = attribute(xml, name);
    return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: string });
  };
  const flag = <Key extends string>(key: Key, name: string): { readonly [K in Key]?: boolean } => {
    const value = attribute(xml, name);
    return value === undefined ? {} : ({ [key]: value === 'true' } as { readonly [K in Key]: boolean });
  };
  const request: CibRequest = {
    kind: 'cib',
    operation,
    ...text('section', 'cib_section'),
    ...text('xpath', 'cib_xpath'),
    ...(input === undefined ? {} : { input }),
    ...flag('noChildren', 'cib_no_children'),
    ...flag('allowCreate', 'cib_can_create'),
    ...flag('force', 'cib_force'),
    ...flag('local', 'cib_local'),
  };
  const pid = attribute(xml, 'cib_clientpid');
  const identity = {
    user: attribute(xml, 'cib_user') ?? '',
    groups: attribute(xml, 'cib_groups')?.split(' ') ?? [],
    ...(pid === undefined ? {} : { pid: Number(pid) }),
    ...text('name', 'cib_clientname'),
  };
  const at = instant(Number(attribute(xml, 'at') ?? 0));
  return { kind: 'write', call: Number(attribute(xml, 'cib_callid') ?? 0), request, identity, at };
}
