import { type Duration, milliseconds } from '../../base/time.ts';
import type { Device } from './device.ts';
import type { Turn } from './state.ts';

interface AgentRun {
  /** The executor's result carries it. */
  readonly call: number;
  readonly operation: string;
  readonly timeout: Duration;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Has the executor run a device's agent once. */
export function runAgent({ effects }: Turn, device: Device, run: AgentRun): void {
  const agent = { standard: 'stonith', type: device.agent };
  effects.push({
    kind: 'ask-executor',
    request: {
      kind: 'execute',
      action: { ...run, asker: 'fencer', resource: device.id, agent, interval: milliseconds(0) },
    },
  });
}
