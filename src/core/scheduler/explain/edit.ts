import { withoutInstance } from '../../model/names.ts';
import {
  attribute,
  child,
  element,
  withAttribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from '../../xml/element.ts';
import { rewrite, withNode, withOption, withPair } from './edit-parts.ts';

/** A change of the CIB, of its configuration or of its state, that takes a cause away. */
export type Edit =
  | { readonly kind: 'delete-constraint'; readonly constraint: string }
  | { readonly kind: 'prefer-node'; readonly resource: string; readonly node: string }
  | { readonly kind: 'set-option'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'set-meta';
      readonly resource: string;
      readonly name: string;
      readonly value: string;
    }
  | { readonly kind: 'disable-operation'; readonly operation: string }
  /** The node is there, and nobody asked it to leave. */
  | { readonly kind: 'node-online'; readonly node: string }
  | {
      readonly kind: 'end-standby' | 'end-maintenance' | 'end-shutdown' | 'mend-health';
      readonly node: string;
    }
  | { readonly kind: 'clear-failures'; readonly resource: string; readonly node: string }
  /** What a node knows of a resource is as if it had never been there. */
  | { readonly kind: 'forget'; readonly resource: string; readonly node: string }
  | { readonly kind: 'grant-ticket'; readonly ticket: string }
  | { readonly kind: 'gain-quorum' };

/** The document with the change made; `undefined` where there is nothing to change. */
export function applyEdit(cib: XmlElement, edit: Edit): XmlElement | undefined {
  const changed = change(cib, edit);
  return changed === cib ? undefined : changed;
}

function change(cib: XmlElement, edit: Edit): XmlElement {
  switch (edit.kind) {
    case 'delete-constraint':
      return inConfiguration(cib, 'constraints', one =>
        attribute(one, 'id') === edit.constraint ? undefined : one,
      );
    case 'prefer-node':
      return preferNode(cib, edit);
    case 'set-option':
      return withOption(cib, edit.name, edit.value);
    case 'set-meta':
      return inConfiguration(cib, 'resources', one =>
        attribute(one, 'id') === edit.resource ? withPair(one, 'meta_attributes', edit) : one,
      );
    case 'disable-operation':
      return inConfiguration(cib, 'resources', one =>
        one.name === 'op' && attribute(one, 'id') === edit.operation
          ? withAttribute(one, 'enabled', 'false')
          : one,
      );
    case 'grant-ticket':
      return grantTicket(cib, edit.ticket);
    case 'gain-quorum':
      return withAttributes(cib, { 'have-quorum': '1' });
    default:
      return changeNode(cib, edit);
  }
}

const inConfiguration = (
  cib: XmlElement,
  section: string,
  visit: (one: XmlElement) => XmlElement | undefined,
): XmlElement =>
  rewrite(cib, one => {
    if (one.name === 'configuration') return one;
    return one.name === section ? withChildren(one, rewrite(one, visit).children) : 'skip';
  });

function preferNode(
  cib: XmlElement,
  { resource, node }: { readonly resource: string; readonly node: string },
) {
  const id = `prefer-${resource}-${node}`;
  const constraint = element('rsc_location', { id, rsc: resource, node, score: '1' });
  return rewrite(cib, one => {
    if (one.name === 'configuration') return one;
    return one.name === 'constraints' ? withChildren(one, [...one.children, constraint]) : 'skip';
  });
}

function grantTicket(cib: XmlElement, ticket: string): XmlElement {
  const granted = { granted: 'true', standby: 'false' };
  return rewrite(cib, one => {
    if (one.name !== 'status') return 'skip';
    const tickets = child(one, 'tickets') ?? element('tickets');
    const known = child(tickets, 'ticket_state', ticket) ?? element('ticket_state', { id: ticket });
    const others = tickets.children.filter(other => other !== known);
    const changed = withChildren(tickets, [...others, withAttributes(known, granted)]);
    return withChildren(one, [...one.children.filter(other => other !== tickets), changed]);
  });
}

const UP = { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' } as const;
const LEAVING: ReadonlySet<string> = new Set(['shutdown', 'terminate']);

type NodeEdit = Extract<Edit, { readonly node: string }>;

function changeNode(cib: XmlElement, edit: Exclude<NodeEdit, { readonly kind: 'prefer-node' }>): XmlElement {
  switch (edit.kind) {
    case 'node-online':
      return withNode(cib, edit.node, {
        state: state => withAttributes(state, UP),
        keepsAttribute: name => !LEAVING.has(name),
      });
    case 'end-standby':
      return withNode(cib, edit.node, { keepsAttribute: name => name !== 'standby' });
    case 'end-maintenance':
      return withNode(cib, edit.node, { keepsAttribute: name => name !== 'maintenance' });
    case 'end-shutdown':
      return withNode(cib, edit.node, {
        state: state => withAttributes(state, UP),
        keepsAttribute: name => !LEAVING.has(name),
      });
    case 'mend-health':
      return withNode(cib, edit.node, { keepsAttribute: name => !name.startsWith('#health') });
    case 'clear-failures':
    case 'forget':
      return withNode(cib, edit.node, {
        keepsAttribute: name => !isFailureOf(name, edit.resource),
        history: entry => withoutFailures(entry, edit),
      });
  }
}

const isAbout = (entry: XmlElement, resource: string): boolean =>
  withoutInstance(attribute(entry, 'id') ?? '') === withoutInstance(resource);

const FAILURE = /^(?:fail-count|last-failure)-(.+?)(?:#.*)?$/;

function isFailureOf(name: string, resource: string): boolean {
  const failed = FAILURE.exec(name)?.[1];
  return failed !== undefined && withoutInstance(failed) === withoutInstance(resource);
}

function withoutFailures(
  entry: XmlElement,
  { kind, resource }: { readonly kind: string; readonly resource: string },
): XmlElement | undefined {
  if (!isAbout(entry, resource)) return entry;
  if (kind === 'forget') return undefined;
  return rewrite(entry, operation => (isFailed(operation) ? undefined : 'skip'));
}

/** Whether an operation did not return what was expected of it; a probe that found something did not fail. */
function isFailed(operation: XmlElement): boolean {
  if (attribute(operation, 'id')?.endsWith('_last_failure_0') === true) return true;
  const expected = /^-?\d+:-?\d+:(-?\d+):/.exec(attribute(operation, 'transition-key') ?? '')?.[1];
  const status = attribute(operation, 'rc-code');
  const isProbe = attribute(operation, 'operation') === 'monitor' && attribute(operation, 'interval') === '0';
  if (isProbe && ['0', '7', '8'].includes(status ?? '')) return false;
  return attribute(operation, 'op-status') !== '-1' && expected !== undefined && status !== expected;
}
