/**
 * What agents do when they are run. They may be slow, hang and fail; they do not lie: an agent that says that a
 * service was stopped has stopped it, and a monitor sees what is there.
 */
import type { Random } from '../../core/base/random.ts';
import { OCF } from '../../core/model/exit-status.ts';
import { type NodeName, nodeName } from '../../core/model/names.ts';
import type { Truth } from './truth.ts';

/** Milliseconds and shares from 0 to 1. */
export interface AgentHabits {
  readonly monitor: number;
  readonly start: number;
  readonly stop: number;
  readonly slowShare: number;
  readonly hangShare: number;
  readonly startFails: number;
  readonly stopFails: number;
  readonly promoteFails: number;
  readonly monitorFails: number;
  readonly migrateFails: number;
}

export interface ServiceRun {
  readonly node: NodeName;
  /** Id of the resource, without the number of an anonymous instance. */
  readonly service: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** How one run of an agent will go if nobody ends it. */
export interface Plan {
  /** Milliseconds until it exits; absent: it hangs. */
  readonly exitsAfter?: number;
  /** When, before that, its effect takes place. */
  readonly takesEffectAfter?: number;
  /** Does not end on TERM. */
  readonly stubborn: boolean;
  readonly effect?: () => void;
  /** Asked at the end of the run. */
  readonly outcome: () => { readonly status: number; readonly stdout?: string };
}

/** Can this node hand a running service over to that one? */
type Reachable = (from: NodeName, to: NodeName) => boolean;

/** What an agent has at hand while it runs. */
export interface Surroundings {
  readonly random: Random;
  readonly truth: Truth;
  readonly reachable: Reachable;
}

export function planService(run: ServiceRun, habits: AgentHabits, around: Surroundings): Plan {
  const { node, service } = run;
  const { random, truth } = around;
  const activity = () => truth.activity(service, node);
  switch (run.action) {
    case 'start':
      return drawPlan(random, habits, {
        typical: habits.start,
        fails: habits.startFails,
        effect: () => truth.set(service, node, activity() ?? 'started'),
        certain: false,
        status: () => OCF.ok,
      });
    case 'stop':
      return drawPlan(random, habits, {
        typical: habits.stop,
        fails: habits.stopFails,
        effect: () => truth.set(service, node, undefined),
        certain: true,
        status: () => OCF.ok,
      });
    case 'promote':
    case 'demote':
      return drawPlan(random, habits, {
        typical: habits.start,
        fails: habits.promoteFails,
        effect: () => {
          if (activity() !== undefined) {
            truth.set(service, node, run.action === 'promote' ? 'promoted' : 'started');
          }
        },
        certain: run.action === 'demote',
        status: () => (activity() === undefined ? OCF.notRunning : OCF.ok),
      });
    case 'migrate_to':
      return planHandOver(run, habits, around);
    case 'migrate_from':
      return drawPlan(random, habits, {
        typical: habits.start,
        fails: habits.migrateFails,
        status: () => (activity() === undefined ? OCF.unknownError : OCF.ok),
      });
    case 'meta-data':
      return {
        exitsAfter: 20,
        stubborn: false,
        outcome: () => ({ status: OCF.ok, stdout: SERVICE_METADATA }),
      };
    case 'monitor':
      return drawPlan(random, habits, {
        typical: habits.monitor,
        fails: habits.monitorFails,
        status: () => seen(activity()),
      });
    default:
      return drawPlan(random, habits, { typical: habits.monitor, fails: 0, status: () => OCF.ok });
  }
}

interface Draft {
  /** Milliseconds. */
  readonly typical: number;
  /** Share of runs that report a failure. */
  readonly fails: number;
  readonly effect?: () => void;
  /** Without success there is no effect: a stop that failed or hung has not stopped the service. */
  readonly certain?: boolean;
  readonly status: () => number;
}

function drawPlan(random: Random, habits: AgentHabits, draft: Draft): Plan {
  const { typical, effect, certain = false, status } = draft;
  const stubborn = random.chance(0.3);
  const hangs = random.chance(habits.hangShare);
  const slow = random.chance(habits.slowShare) ? random.within(5, 40) : 1;
  const duration = (random.within(typical >> 1, typical * 2) + 1) * slow;
  const fails = random.chance(draft.fails);
  const takesEffect = (!fails && !hangs) || (!certain && random.chance(0.5));
  return {
    ...(hangs ? {} : { exitsAfter: duration }),
    ...(effect !== undefined && takesEffect ? { takesEffectAfter: random.below(duration), effect } : {}),
    stubborn,
    outcome: () => ({ status: fails ? OCF.unknownError : status() }),
  };
}

/** The service moves at one moment of the run, as a virtual machine does; the other side only looks. */
function planHandOver(
  run: ServiceRun,
  habits: AgentHabits,
  { random, truth, reachable }: Surroundings,
): Plan {
  const { node, service } = run;
  const target = nodeName(run.parameters.CRM_meta_migrate_target ?? '');
  let moved = false;
  return drawPlan(random, habits, {
    typical: habits.start,
    fails: habits.migrateFails,
    effect: () => {
      const now = truth.activity(service, node);
      if (now === undefined || !reachable(node, target)) return;
      truth.set(service, node, undefined);
      truth.set(service, target, now);
      moved = true;
    },
    status: () => (moved ? OCF.ok : OCF.unknownError),
  });
}

function seen(activity: ReturnType<Truth['activity']>): number {
  if (activity === undefined) return OCF.notRunning;
  return activity === 'promoted' ? OCF.runningPromoted : OCF.ok;
}

const SERVICE_METADATA = `<?xml version="1.0"?>
<resource-agent name="Sim" version="1.0"><version>1.1</version>
<longdesc lang="en">A simulated service.</longdesc><shortdesc lang="en">simulated service</shortdesc>
<parameters><parameter name="setting"><content type="string" default="a"/></parameter></parameters>
<actions><action name="start" timeout="20s"/><action name="stop" timeout="20s"/>
<action name="monitor" timeout="20s" interval="10s"/><action name="promote" timeout="20s"/>
<action name="demote" timeout="20s"/><action name="migrate_to" timeout="20s"/>
<action name="migrate_from" timeout="20s"/><action name="meta-data" timeout="5s"/></actions>
</resource-agent>
`;
