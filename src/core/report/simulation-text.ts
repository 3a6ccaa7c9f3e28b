import { unreachable } from '../base/assert.ts';
import type { ExecutedStep } from '../simulation/execute.ts';
import type { AttributeInjection, Injection } from '../simulation/inject.ts';

/** A step of a simulated transition as a line; `bare` stands outside the list. */
export interface StepLine {
  readonly text: string;
  readonly bare?: boolean;
}

export function executedLine(step: ExecutedStep): StepLine {
  switch (step.kind) {
    case 'pseudo':
      return { text: `Pseudo action:   ${step.key}${step.node === undefined ? '' : ` on ${step.node}`}` };
    case 'resource': {
      const interval = step.interval === 0 ? '' : `=${step.interval}`;
      return {
        text: `Resource action: ${step.resource.padEnd(15)} ${step.operation}${interval} on ${step.node}`,
      };
    }
    case 'cluster': {
      const of = step.resource === undefined ? '' : ` for ${step.resource}`;
      return { text: `Cluster action:  ${step.operation}${of} on ${step.node}` };
    }
    case 'fencing':
      return { text: `Fencing ${step.node} (${step.action})` };
    case 'supposed-failure':
      return { text: `Pretending action ${step.action} failed with rc=${step.exitStatus}`, bare: true };
    case 'attribute':
      return attributeLine(step);
  }
}

export function injectionLine(step: Exclude<Injection, { readonly kind: 'refused' }>): StepLine {
  switch (step.kind) {
    case 'quorum':
      return { text: `Setting quorum: ${step.quorate}` };
    case 'watchdog':
      return { text: `Setting watchdog: ${step.present}` };
    case 'node-up':
      return { text: `Bringing node ${step.node} online` };
    case 'node-down':
      return { text: `Taking node ${step.node} offline` };
    case 'node-failed':
      return { text: `Failing node ${step.node}` };
    case 'grant':
      return { text: `Granting ticket ${step.ticket}` };
    case 'revoke':
      return { text: `Revoking ticket ${step.ticket}` };
    case 'standby':
      return { text: `Making ticket ${step.ticket} standby` };
    case 'activate':
      return { text: `Activating ticket ${step.ticket}` };
    case 'operation':
      return { text: `Injecting ${step.specification} into the configuration` };
    case 'attribute':
      return attributeLine(step);
    default:
      return unreachable(step);
  }
}

const attributeLine = ({ name, value, nodeId }: AttributeInjection): StepLine => ({
  text: `Injecting attribute ${name}=${value} into /node_state '${nodeId}'`,
});

/** Lines of a list one level in, those outside it at the margin. */
export const printSteps = (lines: readonly StepLine[]): string =>
  lines.map(({ text, bare }) => `${bare ? '' : '  * '}${text}\n`).join('');
