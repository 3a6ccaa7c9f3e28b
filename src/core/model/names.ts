import type { Brand } from '../base/brand.ts';
import { isDigit } from './integer.ts';

/** Name of a cluster or remote node, as in `uname`. */
export type NodeName = Brand<string, 'NodeName'>;
/** Id of a node: the decimal Corosync node id, or the name of a remote node. The `id` of `node_state`. */
export type NodeId = Brand<string, 'NodeId'>;
/** XML id of a resource; of a clone's instance with its number (`web:1`). */
export type ResourceId = Brand<string, 'ResourceId'>;

export const nodeName = (text: string): NodeName => text as NodeName;
export const nodeId = (text: string): NodeId => text as NodeId;
export const resourceId = (text: string): ResourceId => text as ResourceId;

/** The name of an instance without its number: `web:1` → `web`. */
export function withoutInstance(id: string): string {
  let end = id.length;
  while (end > 0 && isDigit(id.charCodeAt(end - 1))) end -= 1;
  const isNumbered = end > 0 && end < id.length && id.charCodeAt(end - 1) === COLON;
  return isNumbered ? id.slice(0, end - 1) : id;
}

const COLON = 58;
