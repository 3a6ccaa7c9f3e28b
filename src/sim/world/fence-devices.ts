/** The power switches of the nodes, and the agents that throw them. */
import type { Random } from '../../core/base/random.ts';
import { type NodeName, nodeName } from '../../core/model/names.ts';
import type { Plan } from './agents.ts';

/** Milliseconds and shares from 0 to 1. */
export interface FenceHabits {
  readonly takes: number;
  readonly slowShare: number;
  readonly hangShare: number;
  /** Fails without having done anything. */
  readonly fails: number;
  /** The switch was thrown, but the agent does not come to know it. */
  readonly replyLost: number;
}

/** What the outlets of the switches do. */
export interface Outlets {
  readonly known: (node: NodeName) => boolean;
  readonly isOn: (node: NodeName) => boolean;
  readonly off: (node: NodeName) => void;
  readonly on: (node: NodeName) => void;
  /** Off and, a while later, on. */
  readonly cycle: (node: NodeName) => void;
  readonly names: () => readonly NodeName[];
}

export function planFencing(
  run: { readonly action: string; readonly parameters: Readonly<Record<string, string>> },
  habits: FenceHabits,
  { random, outlets }: { random: Random; outlets: Outlets },
): Plan {
  const { action, parameters } = run;
  const target = nodeName(parameters.nodename ?? parameters.plug ?? parameters.port ?? '');
  const duration =
    random.within(habits.takes >> 1, habits.takes * 2) * (random.chance(habits.slowShare) ? 8 : 1);
  const hangs = random.chance(habits.hangShare);
  const fails = random.chance(habits.fails) || (changes(action) && !outlets.known(target));
  const replyLost = changes(action) && random.chance(habits.replyLost);
  const thrown = changes(action) && !fails && (!hangs || random.chance(0.5));
  const effect = () => {
    if (action === 'on') outlets.on(target);
    else if (action === 'off') outlets.off(target);
    else outlets.cycle(target);
  };
  return {
    ...(hangs ? {} : { exitsAfter: duration + 1 }),
    ...(thrown ? { takesEffectAfter: random.below(duration + 1), effect } : {}),
    stubborn: random.chance(0.3),
    outcome: () => {
      if (fails || replyLost) return { status: 1 };
      return { status: 0, ...answer(action, outlets) };
    },
  };
}

const changes = (action: string): boolean => action === 'off' || action === 'on' || action === 'reboot';

function answer(action: string, outlets: Outlets): { stdout: string } {
  if (action === 'metadata' || action === 'meta-data') return { stdout: FENCE_METADATA };
  if (action === 'list') return { stdout: outlets.names().join('\n') };
  return { stdout: '' };
}

const FENCE_METADATA = `<?xml version="1.0"?>
<resource-agent name="fence_sim" shortdesc="switch of a simulated node">
<longdesc>Throws the power switch of a simulated node.</longdesc>
<parameters>
<parameter name="action" required="1"><content type="string" default="reboot"/></parameter>
<parameter name="nodename" required="0"><content type="string"/></parameter>
<parameter name="port" required="0"><content type="string"/></parameter>
</parameters>
<actions><action name="on" automatic="0"/><action name="off"/><action name="reboot"/><action name="status"/>
<action name="list"/><action name="monitor"/><action name="metadata"/></actions>
</resource-agent>
`;
