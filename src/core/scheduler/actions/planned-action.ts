import { operationParameters } from '../../status/definitions.ts';
import { findOperation, operationMeta } from '../../status/operations.ts';
import type { XmlElement } from '../../xml/element.ts';
import { ACTION } from '../flags.ts';
import type { Cluster, Node, Resource } from '../model.ts';
import type { Relation } from '../order/relate.ts';
import type { Demand, Obstacle } from '../origins.ts';
import { parametersOf } from './parameters.ts';
import type { Tally } from './tally.ts';

/** What an action is made from. */
export interface Wanted {
  readonly task: string;
  readonly key: string;
  readonly node?: Node | undefined;
  readonly optional: boolean;
  /** What makes it necessary, where it is not optional. */
  readonly because?: Demand | undefined;
}

type Needs = 'nothing' | 'quorum' | 'fencing';

const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * An action of the plan. Most actions come to nothing in the end, so what only its description needs is read when
 * that is asked for: the operation's configuration, its meta-attributes and its own parameters.
 */
export class PlannedAction {
  id: number;
  readonly cluster: Cluster;
  readonly resource: Resource | undefined;
  task: string;
  readonly key: string;
  node: Node | undefined;
  flags: number;
  needs: Needs;
  priority = 0;
  reason: string | undefined = undefined;
  /** What made it necessary last, and impossible. */
  demand: Demand | undefined;
  obstacle: Obstacle | undefined = undefined;
  cancelled: string | undefined = undefined;
  /** Milliseconds; 0 of what is done once. */
  interval: number;
  /** Pseudo-actions that need only so many of what comes before. */
  required = 0;
  runnableBefore = 0;
  before: Relation[] = [];
  readonly after: Relation[] = [];
  /** The one of the same task that was made before. */
  earlier: PlannedAction | undefined = undefined;
  /** Union of the flags of the relations to each later action, once these are many. */
  afterFlags: Map<PlannedAction, number> | undefined = undefined;
  /** Where it is counted, if it is. */
  tally: Tally | undefined = undefined;
  readonly #configuredTask: string;
  readonly #firstNode: Node | undefined;
  #meta: Map<string, string> | undefined = undefined;

  constructor(cluster: Cluster, resource: Resource | undefined, wanted: Wanted) {
    const { task, key, node, optional, because = 'role' } = wanted;
    this.id = cluster.nextAction;
    this.cluster = cluster;
    this.resource = resource;
    this.task = task;
    this.key = key;
    this.node = node;
    this.flags =
      ACTION.runnable | (optional ? ACTION.optional : 0) | (task === 'lrm_delete' ? ACTION.onDc : 0);
    this.needs = resource === undefined ? 'nothing' : requirementOf(resource, task);
    this.demand = optional ? undefined : because;
    this.interval = resource === undefined ? 0 : intervalOf(key);
    this.#configuredTask = task;
    this.#firstNode = node;
  }

  get config(): XmlElement | undefined {
    return this.resource === undefined ? undefined : configOf(this.resource, this.#configuredTask, this.key);
  }

  get meta(): Map<string, string> {
    this.#meta ??= this.#readMeta();
    return this.#meta;
  }

  /** Parameters of the operation itself: only an action that had a node when it was last asked for has any. */
  get extra(): ReadonlyMap<string, string> {
    const { node, config, cluster } = this;
    if ((this.flags & ACTION.placed) === 0 || config === undefined) return NOTHING;
    return operationParameters(cluster.rules, config, node?.attributes);
  }

  #readMeta(): Map<string, string> {
    const { cluster, resource } = this;
    if (resource === undefined) return new Map();
    return operationMeta(cluster.picture, resource.facts, {
      name: this.#configuredTask,
      interval: intervalOf(this.key),
      config: this.config,
      parameters: () => parametersOf(resource, this.#firstNode),
    });
  }
}

/** Milliseconds, as the key has them at its end. */
function intervalOf(key: string): number {
  if (key.endsWith('_0')) return 0;
  return Number(/_(\d+)$/.exec(key)?.[1] ?? 0);
}

function configOf(resource: Resource, task: string, key: string): XmlElement | undefined {
  const exact = findOperation(resource.facts, task, intervalOf(key), { disabledToo: true });
  if (exact !== undefined) return exact.xml;
  if (!key.includes('_notify_')) return undefined;
  return findOperation(resource.facts, 'notify', 0, { disabledToo: true })?.xml;
}

function requirementOf({ flags }: Resource, task: string): Needs {
  if (task !== 'start' && task !== 'promote') return 'nothing';
  return flags.needsFencing ? 'fencing' : flags.needsQuorum ? 'quorum' : 'nothing';
}
