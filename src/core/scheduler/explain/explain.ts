import { is } from '../actions/action.ts';
import { ACTION } from '../flags.ts';
import type { Action, Cluster, Node, Resource } from '../model.ts';
import type { Schedule } from '../schedule.ts';
import { currentNode } from '../tree.ts';
import { whyElsewhere, whyThere } from './elsewhere.ts';
import { whyNeeded } from './needed.ts';
import { obstaclesOn } from './obstacles.ts';
import { orderWords } from './orders.ts';
import { findResource } from './outcome.ts';
import { allReasons, inquire, type Reason } from './reason.ts';
import { type NodeScore, scoresOf } from './score-table.ts';
import { whyNotRunning } from './stopped.ts';
import { plannedNode, primitivesIn } from './subject.ts';
import { nameOfAction } from './words.ts';

/** What somebody wants to know of a plan. */
export type Question =
  /** Why a resource runs where it does, or does not; with a node: why there, or why not there. */
  | { readonly about: 'resource'; readonly resource: string; readonly node?: string | undefined }
  /** Why an action is in the plan; by its key, and by node where it is in several places. */
  | { readonly about: 'action'; readonly key: string; readonly node?: string | undefined };

/** The answer for one primitive, or for one action. */
export interface Explanation {
  readonly subject: string;
  readonly node?: string;
  /** What is so, in a sentence without its full stop. */
  readonly statement: string;
  /** Whether it runs now (there, where a node was asked for). */
  readonly running?: boolean;
  readonly reasons: readonly Reason[];
  /** What must be done before it, and why it comes before. */
  readonly waitsFor?: readonly { readonly action: string; readonly order: string }[];
  /** What the resource is worth on each node, as the sum of its parts. */
  readonly scores?: readonly NodeScore[];
  /** What an answer that is wished for would look like: the resource runs, or runs there; or it is otherwise than now. */
  readonly wish: 'runs' | 'runs-there' | 'otherwise';
}

export type Unknown = { readonly unknown: 'resource' | 'node' | 'action'; readonly name: string };

/** Answers from what led to the plan; one explanation for each primitive, or each action, that the question names. */
export function explain(
  { evidence }: Pick<Schedule, 'evidence'>,
  question: Question,
): readonly Explanation[] | Unknown {
  const node = question.node === undefined ? undefined : evidence.nodeByName.get(question.node);
  if (question.node !== undefined && node === undefined) return { unknown: 'node', name: question.node };
  if (question.about === 'action') {
    const actions = evidence.actions.filter(
      one => is(one, ACTION.graphed) && one.key === question.key && (node === undefined || one.node === node),
    );
    if (actions.length === 0) return { unknown: 'action', name: question.key };
    return actions.map(one => explainAction(evidence, one));
  }
  const resource = findResource(evidence, question.resource);
  if (resource === undefined) return { unknown: 'resource', name: question.resource };
  return primitivesIn(resource).map(one =>
    node === undefined ? explainResource(evidence, one) : explainOnNode(evidence, one, node),
  );
}

function explainAction(cluster: Cluster, action: Action): Explanation {
  return {
    subject: action.key,
    ...(action.node === undefined ? {} : { node: action.node.name }),
    statement: `${nameOfAction(action)} is planned`,
    reasons: whyNeeded(inquire(cluster), action),
    waitsFor: action.before
      .filter(({ graphed }) => graphed)
      .map(({ first, origin }) => ({ action: nameOfAction(first), order: orderWords(origin) })),
    wish: 'otherwise',
  };
}

const nodesOf = (resource: Resource): string => resource.active.map(one => one.name).join(', ');

/** Now, and in the end. */
function statementOf(resource: Resource, planned: Node | undefined): string {
  const { id, active } = resource;
  const now = active.length === 0 ? `${id} is not running` : `${id} is running on ${nodesOf(resource)}`;
  if (planned === undefined) {
    return active.length === 0 ? `${now}, and will not be started` : `${now}, and will be stopped`;
  }
  if (active.length === 0) return `${now} yet, and will be started on ${planned.name}`;
  return active.length === 1 && active[0] === planned ? now : `${now}, and will run on ${planned.name}`;
}

function explainResource(cluster: Cluster, resource: Resource): Explanation {
  const planned = plannedNode(resource);
  const inquiry = inquire(cluster);
  const current = resource.active.length > 0 ? currentNode(resource) : undefined;
  const leaving =
    planned === undefined || current === undefined || current === planned
      ? []
      : whyElsewhere(inquire(cluster), resource, current);
  return {
    subject: resource.id,
    ...(planned === undefined ? {} : { node: planned.name }),
    statement: statementOf(resource, planned),
    running: resource.active.length > 0,
    reasons:
      planned === undefined
        ? whyNotRunning(inquiry, resource)
        : [...leaving, ...whyThere(inquiry, resource, planned)],
    scores: scoresOf(resource),
    wish: planned === undefined ? 'runs' : 'otherwise',
  };
}

function explainOnNode(cluster: Cluster, resource: Resource, node: Node): Explanation {
  const planned = plannedNode(resource);
  const inquiry = inquire(cluster);
  const isThere = planned === node;
  const reasons = isThere
    ? whyThere(inquiry, resource, node)
    : planned === undefined
      ? thereOf(whyNotRunning(inquiry, resource), node, obstaclesOn(inquire(cluster), resource, node))
      : whyElsewhere(inquiry, resource, node);
  return {
    subject: resource.id,
    node: node.name,
    statement: isThere
      ? `${resource.id} is placed on ${node.name}`
      : planned === undefined
        ? `${resource.id} is placed neither on ${node.name} nor anywhere else`
        : `${resource.id} is not placed on ${node.name}, but on ${planned.name}`,
    running: resource.active.includes(node),
    reasons,
    scores: scoresOf(resource).filter(one => one.node === node.name || one.node === planned?.name),
    wish: isThere ? 'otherwise' : 'runs-there',
  };
}

/** Of the reasons for which something runs nowhere those that hold for one node: general ones, and its own. */
function thereOf(reasons: readonly Reason[], node: Node, obstacles: readonly Reason[]): readonly Reason[] {
  const said = new Set(obstacles.map(({ text }) => text));
  const general = reasons.filter(
    one => (one.node === undefined || one.node === node.name) && !said.has(one.text),
  );
  return [...general, ...obstacles];
}

/** Every change that some reason names, each once. */
export function changesNamed({ reasons }: Pick<Explanation, 'reasons'>) {
  const named = allReasons(reasons).flatMap(one => one.undo ?? []);
  return [...new Map(named.map(edit => [JSON.stringify(edit), edit])).values()];
}
