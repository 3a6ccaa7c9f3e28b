import type { ExecutorEffect, ExecutorEvent } from '../../core/daemons/contract.ts';
import * as executor from '../../core/daemons/executor/executor.ts';
import { EXECUTION } from '../../core/model/exit-status.ts';
import type { Plan } from './agents.ts';
import { planService, type ServiceRun } from './agents.ts';
import { describeExecutorEffect, describeExecutorEvent } from './describe.ts';
import { planFencing } from './fence-devices.ts';
import type { SimNode } from './node.ts';
import { Process } from './process.ts';
import type { SupervisorProcess } from './supervisor-process.ts';

type Of<Kind extends ExecutorEffect['kind']> = Extract<ExecutorEffect, { readonly kind: Kind }>;

/** A run of an agent: one process group. */
interface Child {
  readonly effect: number;
  readonly plan: Plan;
  readonly run: ServiceRun;
  readonly fencing: boolean;
  readonly action: string;
}

/** One life of pacemaker-execd on a node. */
export class ExecutorProcess {
  readonly process: Process<executor.State, ExecutorEvent, ExecutorEffect, executor.Env>;
  readonly #node: SimNode;
  readonly #children = new Map<number, Child>();
  #supervisor: SupervisorProcess | undefined;
  #lastReply = 0;

  constructor(node: SimNode) {
    this.#node = node;
    const clock = node.clockFromNow();
    this.process = new Process<executor.State, ExecutorEvent, ExecutorEffect, executor.Env>(executor, {
      env: () => ({ now: clock() }),
      tick: { kind: 'tick' },
      perform: effect => {
        for (const one of node.world.bug?.executorEffect?.(effect, node) ?? [effect]) this.#perform(one);
      },
      after: (delay, run) => node.after(delay, run),
      note: line => node.note(`execd ${line}`),
      describeEvent: describeExecutorEvent,
      describeEffect: describeExecutorEffect,
      broken: what => node.world.broken('assertion', `pacemaker-execd of ${node.member.name}: ${what}`),
    });
  }

  get connected(): boolean {
    return this.#supervisor !== undefined;
  }

  /** Runs of agents that have not ended, by the resource and the action. */
  get running(): readonly string[] {
    return [...this.#children.values()].map(({ run, action }) => `${run.service} ${action}`);
  }

  feed(event: ExecutorEvent): void {
    for (const one of this.#node.world.bug?.executorEvent?.(event, this.#node) ?? [event])
      this.process.feed(one);
  }

  connect(supervisor: SupervisorProcess): void {
    this.#supervisor = supervisor;
    this.feed({ kind: 'connected' });
  }

  disconnect(): void {
    if (this.#supervisor === undefined) return;
    this.#supervisor = undefined;
    this.feed({ kind: 'disconnected' });
  }

  /** Its children end with it, wherever they were. */
  end(): void {
    this.process.end();
    for (const child of this.#children.values()) this.#ended(child, undefined);
    this.#children.clear();
  }

  #perform(effect: ExecutorEffect): void {
    const perform = PERFORMERS[effect.kind] as (process: this, effect: ExecutorEffect) => void;
    perform(this, effect);
  }

  reply({ reply }: Of<'reply'>): void {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) return;
    const node = this.#node;
    this.#lastReply = Math.max(node.world.now + node.random.within(0, 3), this.#lastReply);
    node.after(this.#lastReply - node.world.now, () => {
      if (node.supervisor === supervisor && supervisor.executor === this) {
        supervisor.feed({ kind: 'executor-reply', reply });
      }
    });
  }

  keep({ resource, action }: Of<'keep-begun'>): void {
    const { begun } = this.#node;
    if (action === undefined) begun.delete(resource);
    else begun.set(resource, action);
  }

  spawn(effect: Of<'spawn'>): void {
    const { world, member, random } = this.#node;
    const fencing = effect.agent.standard === 'stonith';
    const { action, parameters } = effect;
    const run: ServiceRun = {
      node: member.name,
      service: world.serviceOf(effect.resource),
      action,
      parameters,
    };
    const plan = fencing
      ? planFencing({ action, parameters }, world.fenceHabits(), { random, outlets: world.outlets })
      : planService(run, world.agentHabits(run), { random, truth: world.truth, reachable: world.reachable });
    const child: Child = { effect: effect.effect, plan, run, fencing, action };
    this.#children.set(effect.effect, child);
    if (!fencing) world.watch(watcher => watcher.actionBegins(run));
    if (plan.effect !== undefined && plan.takesEffectAfter !== undefined) {
      this.#while(child, plan.takesEffectAfter, () => {
        plan.effect?.();
        if (!fencing) world.watch(watcher => watcher.truthChanged(run.service));
      });
    }
    if (plan.exitsAfter !== undefined) this.#while(child, plan.exitsAfter, () => this.#exit(child));
  }

  kill({ effect, signal }: Of<'kill-group'>): void {
    const child = this.#children.get(effect);
    if (child === undefined || (signal === 'TERM' && child.plan.stubborn)) return;
    this.#while(child, this.#node.random.within(1, 30), () => {
      this.#children.delete(effect);
      this.#ended(child, undefined);
      this.feed({ kind: 'exited', effect, signal: `SIG${signal}`, stdout: '', stderr: '' });
    });
  }

  /** Happens if the child still runs then. A fence device does what it was told whatever becomes of the agent. */
  #while(child: Child, delay: number, run: () => void): void {
    this.#node.after(delay, () => {
      if (this.process.alive && this.#children.get(child.effect) === child) run();
    });
  }

  #exit(child: Child): void {
    const { effect, plan } = child;
    const { status, stdout = '' } = plan.outcome();
    this.#children.delete(effect);
    this.#ended(child, status);
    this.feed({ kind: 'exited', effect, status, stdout, stderr: '' });
  }

  #ended({ fencing, run, action }: Child, status: number | undefined): void {
    const { world } = this.#node;
    if (!fencing) world.watch(watcher => watcher.actionEnds(run, status));
    else if (status === EXECUTION.done && (action === 'off' || action === 'reboot')) {
      world.fenced(run.parameters, action);
    }
  }
}

type Performers = {
  readonly [Kind in ExecutorEffect['kind']]: (process: ExecutorProcess, effect: Of<Kind>) => void;
};

const PERFORMERS: Performers = {
  reply: (process, effect) => process.reply(effect),
  spawn: (process, effect) => process.spawn(effect),
  'kill-group': (process, effect) => process.kill(effect),
  'keep-begun': (process, effect) => process.keep(effect),
  log: () => {},
};
