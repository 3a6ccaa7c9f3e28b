import type { Instant } from '../base/time.ts';
import type { Role } from '../model/role.ts';
import type { Score } from '../model/score.ts';
import { failCount } from '../status/fail-counts.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import { unpack } from '../status/unpack.ts';
import type { TransitionGraph } from '../transition/graph.ts';
import type { XmlElement } from '../xml/element.ts';
import { clearFailures, handleConfigurationChanges, handleLaterChanges } from './actions/config-changes.ts';
import { scheduleFencingAndShutdowns } from './actions/fencing-orders.ts';
import { scheduleProbes } from './actions/probes.ts';
import { orderRemoteActions } from './actions/remote.ts';
import { assignAll } from './assign/all.ts';
import { buildCluster } from './build.ts';
import { correctRoles, summarize } from './changes.ts';
import { unpackConstraints } from './constraints/unpack.ts';
import { draw } from './drawing.ts';
import { applyFindings } from './findings.ts';
import { ORDER } from './flags.ts';
import { describeGraph, planActions } from './graph/produce.ts';
import { METHODS } from './methods.ts';
import type { Action, Cluster, Resource } from './model.ts';
import { applyHealth, applyNodeCriteria } from './node-criteria.ts';
import { applyOrderings } from './order/apply.ts';
import { addOrdering } from './order/ordering.ts';
import { noteCapacities, scoreLines } from './scores.ts';

export interface ScheduleInput {
  readonly cib: XmlElement;
  readonly now: Instant;
  /** Number that the graph carries; 1 where nobody counts. */
  readonly transition?: number;
  /** Private parameters were taken out of the document, as `crm_report` does. */
  readonly sanitized?: boolean;
}

/**
 * What is to be done, with all that led to it; what only some ask for is worked out when they do. A class, because
 * an object with getters of its own is kept alive by the engine long after it is gone.
 */
export class Schedule {
  readonly problems: readonly string[];
  /** The cluster as it was before. */
  readonly picture: Picture;
  /** What `explain/` answers from. */
  readonly evidence: Cluster;
  readonly #planned: readonly Action[];
  readonly #transition: number;
  #graph: TransitionGraph | undefined = undefined;
  #changes: readonly Change[] | undefined = undefined;
  #drawing: Drawing | undefined = undefined;

  constructor(cluster: Cluster, planned: readonly Action[], transition: number) {
    this.problems = cluster.problems;
    this.picture = cluster.picture;
    this.evidence = cluster;
    this.#planned = planned;
    this.#transition = transition;
  }

  get graph(): TransitionGraph {
    this.#graph ??= describeGraph(this.evidence, this.#planned, this.#transition);
    return this.#graph;
  }

  /** In the order in which they came about. */
  get scores(): readonly ScoreLine[] {
    return scoreLines(this.evidence.scores);
  }

  /** The transition summary: fencing first, then resources in the order of the tree. */
  get changes(): readonly Change[] {
    this.#changes ??= summarize(this.evidence);
    return this.#changes;
  }

  get drawing(): Drawing {
    this.#drawing ??= draw(this.evidence);
    return this.#drawing;
  }
}

export type ScoreLine =
  | {
      readonly kind: 'assignment';
      /** `primitive`, `group`, `clone`, `bundle`: printed as `pcmk__primitive_assign`. */
      readonly by: 'primitive' | 'group' | 'clone' | 'bundle';
      readonly resource: string;
      readonly node: string;
      readonly score: Score;
    }
  /** Without a node the instance is inactive. */
  | {
      readonly kind: 'promotion';
      readonly resource: string;
      readonly node?: string;
      readonly score: Score;
    }
  /** What a node has room for, before the first and after the last assignment. */
  | {
      readonly kind: 'capacity';
      readonly when: 'original' | 'remaining';
      readonly node: string;
      readonly amounts: Amounts;
    }
  /** What a resource takes of the node that it was assigned to. */
  | {
      readonly kind: 'utilization';
      readonly resource: string;
      readonly node: string;
      readonly amounts: Amounts;
    };

/** By the name of the utilization attribute. */
export type Amounts = ReadonlyMap<string, number | string>;

export type ChangeWord =
  | 'Start'
  | 'Stop'
  | 'Restart'
  | 'Recover'
  | 'Move'
  | 'Migrate'
  | 'Reload'
  | 'Promote'
  | 'Demote'
  | 'Re-promote'
  | 'Leave'
  | 'Fence'
  | 'Shutdown';

/** One line of the transition summary. Of nodes `resource` is absent and `action` is the fencing action. */
export interface Change {
  readonly word: ChangeWord;
  readonly subject: string;
  readonly resource?: ResourcePicture;
  readonly fromRole?: Role;
  readonly toRole?: Role;
  readonly from?: string;
  readonly to?: string;
  readonly fencing?: string;
  /** `due to …`, without these words; `blocked` where it cannot be done. */
  readonly reason?: string;
  readonly blocked?: boolean;
  readonly node?: NodePicture;
}

/** The graph as DOT shows it: what would be done were it possible, too. */
export interface Drawing {
  readonly actions: readonly DrawnAction[];
  readonly edges: readonly DrawnEdge[];
}

export interface DrawnAction {
  readonly name: string;
  readonly style: 'bold' | 'dashed';
  readonly color: string;
  readonly font: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly style: 'bold' | 'dashed';
}

/** From a CIB to what is to be done about it. Pure: the same document at the same moment gives the same schedule. */
export function schedule({ cib, now, transition = 1, sanitized = false }: ScheduleInput): Schedule {
  const picture = unpack({ cib, now, sanitized });
  const cluster = buildCluster(picture, METHODS);
  applyFindings(cluster);
  applyHealth(cluster);
  unpackConstraints(cluster);
  applyNodeCriteria(cluster);
  for (const resource of cluster.resources) resource.methods.constrain(resource);
  handleConfigurationChanges(cluster);
  noteCapacities(cluster, 'original');
  assignAll(cluster);
  noteCapacities(cluster, 'remaining');
  scheduleResourceActions(cluster);
  orderRemoteActions(cluster);
  scheduleFencingAndShutdowns(cluster);
  applyOrderings(cluster);
  for (const resource of cluster.resources) correctRoles(resource);
  return new Schedule(cluster, planActions(cluster), transition);
}

function scheduleResourceActions(cluster: Cluster): void {
  const { options } = cluster.picture;
  handleLaterChanges(cluster);
  if (options.probes) scheduleProbes(cluster);
  if (options.stopRemovedResources) for (const one of cluster.resources) forgetRemovedFailures(one);
  for (const one of cluster.resources) one.methods.createActions(one);
}

/** Failures of what is not configured any more are of no use. */
function forgetRemovedFailures(resource: Resource): void {
  if (!resource.flags.removed) return;
  const { cluster } = resource;
  for (const node of cluster.nodes) {
    if (!node.online) continue;
    if (failCount(resource.facts, node, { now: cluster.now, effective: true }).count === 0) continue;
    const action = clearFailures(resource, node);
    addOrdering(cluster, action, { resource, task: 'stop' }, ORDER.ordered, 'forget-between');
  }
}
