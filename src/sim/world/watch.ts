import type { ClientReply, ClientRequest } from '../../core/messages/client.ts';
import type { ExecutorRequest } from '../../core/messages/executor.ts';
import type { NodeName } from '../../core/model/names.ts';
import type { ServiceRun } from './agents.ts';

/** What checkers get to see while it happens. Each method is optional in effect: the base does nothing. */
export class Watcher {
  /** An agent of a service is about to run. */
  actionBegins(_run: ServiceRun): void {}
  /** It ran; absent status: it was ended. Called when the executor is about to hear of it. */
  actionEnds(_run: ServiceRun, _status: number | undefined): void {}
  /** What a service really is on a node may have changed. */
  truthChanged(_service: string): void {}
  /** Whoever asked heard that the target was fenced. */
  fencingProven(_target: NodeName, _action: string): void {}
  /** A node computes transitions: it holds itself for DC. */
  actsAsDc(_node: NodeName, _index: number): void {}
  /** Pacemakerd of the node asks its executor for something. */
  askedOfExecutor(_node: number, _request: ExecutorRequest): void {}
  answered(_node: number, _request: ClientRequest, _reply: ClientReply): void {}
  /** The node's disk is about to be lost. */
  diskLost(_node: number): void {}
}
