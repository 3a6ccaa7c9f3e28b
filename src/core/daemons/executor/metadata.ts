/** What agents say of themselves, asked once and remembered for a while: an upgrade may change it. */
import { between, later, seconds } from '../../base/time.ts';
import type { ExecutorRequest } from '../../messages/executor.ts';
import type { AgentReference } from '../contract.ts';
import { agentKey, dropRun, type Metadata, type Run, setRun, type Turn } from './state.ts';

const TIMEOUT = seconds(30);
const REMEMBERED = seconds(300);
const AGENTS = 500;

type Ask = Extract<ExecutorRequest, { readonly kind: 'metadata' }>;

export function askForMetadata(turn: Turn, { asker, request, agent }: Ask): void {
  const key = agentKey(agent);
  const known = turn.state.metadata.get(key);
  if (known?.xml !== undefined && between(known.fetchedAt ?? turn.now, turn.now) < REMEMBERED) {
    turn.effects.push({ kind: 'reply', reply: { kind: 'metadata', asker, request, xml: known.xml } });
    return;
  }
  const askers = known?.askers ?? [];
  remember(turn, key, { askers: [...askers, { asker, request }] });
  if (askers.length === 0) fetch(turn, agent);
}

function fetch(turn: Turn, agent: AgentReference): void {
  const effect = turn.state.nextEffect;
  turn.state = { ...turn.state, nextEffect: effect + 1 };
  setRun(turn, { kind: 'metadata', effect, agent, startedAt: turn.now, deadline: later(turn.now, TIMEOUT) });
  const action = agent.standard === 'stonith' ? 'metadata' : 'meta-data';
  turn.effects.push({ kind: 'spawn', effect, agent, action, parameters: {}, resource: agent.type });
}

type MetadataRun = Extract<Run, { readonly kind: 'metadata' }>;

export function answerMetadata(turn: Turn, run: MetadataRun, xml: string | undefined, error?: string): void {
  dropRun(turn, run.effect);
  const key = agentKey(run.agent);
  const askers = turn.state.metadata.get(key)?.askers ?? [];
  remember(turn, key, xml === undefined ? undefined : { xml, fetchedAt: turn.now, askers: [] });
  const answer = xml === undefined ? { error: error ?? 'the agent has no metadata' } : { xml };
  for (const { asker, request } of askers) {
    if (turn.state.connected) {
      turn.effects.push({ kind: 'reply', reply: { kind: 'metadata', asker, request, ...answer } });
    }
  }
}

function remember(turn: Turn, key: string, known: Metadata | undefined): void {
  const metadata = new Map(turn.state.metadata);
  metadata.delete(key);
  if (known !== undefined) metadata.set(key, known);
  const [oldest] = metadata.keys();
  if (metadata.size > AGENTS && oldest !== undefined) metadata.delete(oldest);
  turn.state = { ...turn.state, metadata };
}
