/**
 * Keeps this node's part of the CIB as its history says. A resource's history is written as a whole, so that no
 * attribute of a former operation stays behind; results are acknowledged to the executor when they are safe.
 */
import { later, seconds } from '../../../base/time.ts';
import type { ClientReply } from '../../../messages/client.ts';
import { sameTree } from '../../../xml/edit.ts';
import { child, type XmlElement } from '../../../xml/element.ts';
import type { ControllerState, WritePurpose } from '../state.ts';
import { askExecutor, clearLocal, log, type Turn, updateLocal, write } from '../turn.ts';
import { lrmOf, printHistory, printResource, statusUpdate, xpathOfLrm, xpathOfResource } from './history.ts';

/** Between a write that was refused and the next look at what should stand there. */
const REWRITE_AFTER = seconds(1);

/** Writes the history of one resource, with the results that it tells of. */
export function writeResource(turn: Turn, resource: string, results: readonly number[]): void {
  const { node } = turn.env;
  const history = turn.state.local.history?.get(resource);
  const purpose = { kind: 'history', resource, results } as const;
  const xpath = xpathOfResource(node.id, resource);
  if (history === undefined) {
    write(turn, { operation: 'delete', xpath }, { ...purpose, isDeletion: true });
    return;
  }
  const input = printResource(resource, history);
  if (isWritten(turn.state, node.id, resource)) write(turn, { operation: 'replace', xpath, input }, purpose);
  else
    write(
      turn,
      { operation: 'modify', section: 'status', input: wrapped(turn, input), allowCreate: true },
      purpose,
    );
}

const wrapped = ({ env }: Turn, resource: XmlElement): XmlElement => {
  const { children, ...lrm } = printHistory(new Map(), env.node.id);
  return statusUpdate(env.node, [
    { ...lrm, children: children.map(one => ({ ...one, children: [resource] })) },
  ]);
};

/** Whether the CIB has the resource, or will by the last write of it that is under way. */
function isWritten({ cib, writes }: ControllerState, node: string, resource: string): boolean {
  let willBe: boolean | undefined;
  for (const purpose of writes.values()) {
    if (purpose.kind === 'history' && purpose.resource === resource) willBe = purpose.isDeletion !== true;
  }
  if (willBe !== undefined) return willBe;
  const lrm = cib === undefined ? undefined : lrmOf(cib, node);
  const resources = lrm === undefined ? undefined : child(lrm, 'lrm_resources');
  return resources !== undefined && child(resources, 'lrm_resource', resource) !== undefined;
}

export function noteHistoryWritten(
  turn: Turn,
  purpose: Extract<WritePurpose, { readonly kind: 'history' }>,
  outcome: ClientReply,
): void {
  if (outcome.ok) {
    for (const result of purpose.results) askExecutor(turn, { kind: 'acknowledge', result });
    return;
  }
  const what = purpose.resource ?? 'all resources';
  log(turn, 'warning', `history of ${what} was not written (${outcome.refusal}), to be tried again`);
  updateLocal(turn, {
    rewriteAt: later(turn.env.now, REWRITE_AFTER),
    unsaved: [...turn.state.local.unsaved, ...purpose.results],
  });
}

/** Writes the whole history if the CIB has another, once nothing of it is under way. */
export function rewriteHistory(turn: Turn): void {
  const { cib, agreed, local, writes, membership } = turn.state;
  const { history, rewriteAt, unsaved } = local;
  // Before a DC has let us in, our part of the CIB would pass for something that is known of us.
  if (membership?.phase !== 'accepted' && membership?.phase !== 'joined') return;
  if (rewriteAt === undefined || rewriteAt > turn.env.now) return;
  if (history === undefined || cib === undefined || !agreed) return;
  if ([...writes.values()].some(({ kind }) => kind === 'history')) return;
  clearLocal(turn, 'rewriteAt');
  updateLocal(turn, { unsaved: [] });
  const { node } = turn.env;
  const wanted = printHistory(history, node.id);
  const actual = lrmOf(cib, node.id);
  if (actual !== undefined && sameTree(actual, wanted)) {
    for (const result of unsaved) askExecutor(turn, { kind: 'acknowledge', result });
    return;
  }
  const purpose = { kind: 'history', results: unsaved } as const;
  if (actual !== undefined) {
    write(turn, { operation: 'replace', xpath: xpathOfLrm(node.id), input: wanted }, purpose);
    return;
  }
  const input = statusUpdate(node, [wanted]);
  write(turn, { operation: 'modify', section: 'status', input, allowCreate: true }, purpose);
}
