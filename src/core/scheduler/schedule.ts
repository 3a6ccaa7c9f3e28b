import type { Instant } from '../base/time.ts';
import type { Role } from '../model/role.ts';
import type { Score } from '../model/score.ts';
import type { NodePicture, Picture, ResourcePicture } from '../status/picture.ts';
import type { TransitionGraph } from '../transition/graph.ts';
import type { XmlElement } from '../xml/element.ts';

export interface ScheduleInput {
  readonly cib: XmlElement;
  readonly now: Instant;
  /** Number that the graph carries; 1 where nobody counts. */
  readonly transition?: number;
}

/** What is to be done, with all that led to it. */
export interface Schedule {
  readonly graph: TransitionGraph;
  readonly problems: readonly string[];
  /** The cluster as it was before. */
  readonly picture: Picture;
  /** In the order in which they came about. */
  readonly scores: readonly ScoreLine[];
  /** The transition summary: fencing first, then resources in the order of the tree. */
  readonly changes: readonly Change[];
  readonly drawing: Drawing;
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
  /** Only with `--show-utilization`: printed as it stands. */
  | { readonly kind: 'utilization'; readonly text: string };

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
