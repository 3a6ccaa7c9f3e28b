import { defined } from '../../base/assert.ts';
import type { CibMessage } from '../../messages/cib.ts';
import type { ClientReply } from '../../messages/client.ts';
import type { NodeName } from '../../model/names.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { LogLevel, SupervisorEnv } from '../contract.ts';
import type { CommonEffect, Done } from '../inside.ts';
import type { Agreed, Asker, State } from './state.ts';

export type Effect = CommonEffect | Done<'store-cib'>;

/** One step in the making: the state so far and what it led to. It does not outlive the step. */
export class Turn {
  state: State;
  readonly env: SupervisorEnv;
  readonly effects: Effect[] = [];

  constructor(state: State, env: SupervisorEnv) {
    this.state = state;
    this.env = env;
  }

  get self(): NodeName {
    return this.env.node.name;
  }

  get cib(): XmlElement {
    return defined(this.state.cib, 'the CIB');
  }

  get agreed(): Agreed | undefined {
    return this.state.agreement.kind === 'agreed' ? this.state.agreement : undefined;
  }

  set(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
  }

  setAgreed(agreed: Agreed, changes: Partial<Agreed>): void {
    this.set({ agreement: { ...agreed, ...changes } });
  }

  multicast(body: CibMessage): void {
    this.effects.push({ kind: 'multicast', message: { to: 'cib', body } });
  }

  send(to: NodeName, body: CibMessage): void {
    this.effects.push({ kind: 'send', to, message: { to: 'cib', body } });
  }

  answer(asker: Asker, reply: ClientReply): void {
    if (asker.kind === 'client') {
      this.effects.push({ kind: 'reply', client: asker.client, request: asker.request, reply });
    } else {
      const body = { kind: 'cib-written', request: asker.request, outcome: reply } as const;
      this.effects.push({ kind: 'written', to: asker.name, body });
    }
  }

  log(level: LogLevel, text: string, fields?: Readonly<Record<string, string | number | undefined>>): void {
    this.effects.push({ kind: 'log', level, text, ...(fields === undefined ? {} : { fields }) });
  }
}
