/** Carries a transition out on paper: every action at once, with the result that was expected or supposed. */
import { type Duration, type Instant, milliseconds } from '../base/time.ts';
import { OCF } from '../model/exit-status.ts';
import { parseOperationKey } from '../model/operation-key.ts';
import type { GraphAction, Synapse, TransitionGraph } from '../transition/graph.ts';
import type { XmlElement } from '../xml/element.ts';
import { recordOutcome } from './history-entry.ts';
import { type AttributeInjection, countFailure, type SupposedResult, takeNodeDown } from './inject.ts';
import { StatusDraft } from './status-draft.ts';

export interface ExecuteInput {
  readonly graph: TransitionGraph;
  readonly cib: XmlElement;
  readonly now: Instant;
  /** Results other than those expected; the first of them ends the transition. */
  readonly failures: readonly SupposedResult[];
  /** Whether the cluster has a resource or instance of that very name. */
  readonly isResource: (id: string) => boolean;
}

export type ExecutedStep =
  | { readonly kind: 'pseudo'; readonly key: string; readonly node?: string }
  | {
      readonly kind: 'resource';
      readonly resource: string;
      readonly operation: string;
      readonly interval: Duration;
      readonly node: string;
    }
  | {
      readonly kind: 'cluster';
      readonly operation: string;
      readonly node: string;
      readonly resource?: string;
    }
  | { readonly kind: 'fencing'; readonly node: string; readonly action: string }
  | { readonly kind: 'supposed-failure'; readonly action: number; readonly exitStatus: number }
  | AttributeInjection;

export interface Execution {
  readonly steps: readonly ExecutedStep[];
  /** Afterwards. */
  readonly cib: XmlElement;
  /** Everything that the graph holds was done, or supposed to fail. */
  readonly complete: boolean;
}

/** Walks the graph in its own order, over and over, each synapse as soon as its inputs have ended. */
export function execute(input: ExecuteInput): Execution {
  const run = new Run(input);
  return run.toEnd();
}

class Run {
  readonly #input: ExecuteInput;
  readonly #draft: StatusDraft;
  readonly #steps: ExecutedStep[] = [];
  readonly #done = new Set<number>();
  #failed = false;

  constructor(input: ExecuteInput) {
    this.#input = input;
    this.#draft = new StatusDraft(input.cib);
  }

  toEnd(): Execution {
    let waiting: readonly Synapse[] = this.#input.graph.synapses;
    for (let before = -1; waiting.length !== before; ) {
      before = waiting.length;
      waiting = waiting.filter(synapse => !this.#fire(synapse));
    }
    return {
      steps: this.#steps,
      cib: this.#draft.finish(),
      complete: waiting.length === 0 || this.#failed,
    };
  }

  #fire({ inputs, actions }: Synapse): boolean {
    if (this.#failed || !inputs.every(({ id }) => this.#done.has(id))) return false;
    for (const action of actions) {
      this.#perform(action);
      this.#done.add(action.id);
    }
    return true;
  }

  #perform(action: GraphAction): void {
    const { kind, operation, operationKey, node, resource } = action;
    if (kind === 'pseudo_event') {
      this.#steps.push({ kind: 'pseudo', key: operationKey, ...(node && { node: node.name }) });
    } else if (node === undefined) {
      return;
    } else if (kind === 'rsc_op') {
      this.#performResourceAction(action, node);
    } else if (operation === 'stonith') {
      this.#fence(node.name, metaOf(action, 'stonith_action') ?? 'reboot');
    } else {
      this.#steps.push({
        kind: 'cluster',
        operation,
        node: node.name,
        ...(resource && { resource: resource.id }),
      });
    }
  }

  #fence(node: string, action: string): void {
    this.#steps.push({ kind: 'fencing', node, action });
    if (action !== 'on') takeNodeDown(this.#draft, node);
  }

  /** The name that the cluster knows it by, which of an anonymous instance may be that with its number. */
  #nameOf({ id, longId }: NonNullable<GraphAction['resource']>): string {
    return !this.#input.isResource(id) && longId !== undefined && this.#input.isResource(longId)
      ? longId
      : id;
  }

  #performResourceAction(action: GraphAction, node: NonNullable<GraphAction['node']>): void {
    const { operation, resource } = action;
    if (resource === undefined) return;
    const name = this.#nameOf(resource);
    const interval = milliseconds(Number(metaOf(action, 'interval') ?? 0));
    this.#steps.push({ kind: 'resource', resource: name, operation, interval, node: node.name });
    if (WITHOUT_HISTORY.has(operation)) return;
    this.#draft.addNode(node.name, action.routerNode === undefined ? node.uuid : node.name);
    const known = this.#draft.historyName(node.name, [name, resource.id], resource);
    const history = known === undefined ? undefined : this.#draft.history(node.name, known);
    if (known === undefined || history === undefined) return;
    const expected = Number(metaOf(action, 'op_target_rc') ?? OCF.ok);
    const supposed = this.#supposedFailure(action, node.name);
    const outcome = {
      node: node.name,
      resource: resource.id,
      operation,
      interval,
      expected,
      exitStatus: supposed?.exitStatus ?? expected,
      at: this.#input.now,
      parameters: Object.fromEntries(action.attributes),
      ...(supposed && { exitReason: 'User-injected result' }),
      ...notificationOf(action),
    };
    this.#draft.setHistory(node.name, known, recordOutcome(history, outcome));
    if (supposed !== undefined) this.#fail(action, supposed);
  }

  #supposedFailure(action: GraphAction, node: string): SupposedResult | undefined {
    const { resource, operation } = action;
    const interval = Number(metaOf(action, 'interval') ?? 0);
    return this.#input.failures.find(
      failure =>
        failure.node === node &&
        failure.operation === operation &&
        failure.interval === interval &&
        [resource?.id, resource?.longId].includes(failure.resource),
    );
  }

  #fail(action: GraphAction, supposed: SupposedResult): void {
    this.#failed = true;
    this.#steps.push({ kind: 'supposed-failure', action: action.id, exitStatus: supposed.exitStatus });
    const isFatal = this.#input.graph.settings[`failed-${supposed.operation}-offset`] === 'INFINITY';
    this.#steps.push(...countFailure(this.#draft, { ...supposed, now: this.#input.now, isFatal }));
  }
}

const WITHOUT_HISTORY: ReadonlySet<string> = new Set(['delete', 'meta-data']);

const metaOf = ({ attributes }: GraphAction, name: string): string | undefined =>
  attributes.find(([key]) => key === `CRM_meta_${name}`)?.[1];

function notificationOf(action: GraphAction): Pick<Parameters<typeof recordOutcome>[1], 'notification'> {
  if (action.operation !== 'notify') return {};
  const type = metaOf(action, 'notify_type');
  const operation = metaOf(action, 'notify_operation');
  if (type !== undefined && operation !== undefined) return { notification: { type, operation } };
  const key = parseOperationKey(action.operationKey)?.operation ?? '';
  const [, fromKey = 'post', of = 'start'] = /^(pre|post)_notify_(.*)$/.exec(key) ?? [];
  return { notification: { type: fromKey, operation: of } };
}
