/** Which devices this node has, and what their agents say of themselves. */
import { sectionOf } from '../../cib/document.ts';
import type { XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import type { DevicePlacement } from '../contract.ts';
import { agentFacts } from './device.ts';
import { devicesOf, nextNumber, type Turn, update } from './state.ts';

/** A changed configuration may move devices. While one answer is awaited no other is asked for. */
export function noteCib(turn: Turn, cib: XmlElement): void {
  update(turn, { cib });
  const { placement } = turn.state;
  const configuration = sectionOf(cib, 'configuration');
  if (placement.computing !== undefined || configuration === undefined || configuration === placement.of)
    return;
  const effect = nextNumber(turn);
  update(turn, { placement: { ...placement, computing: effect, of: configuration } });
  turn.effects.push({ kind: 'compute-device-placement', effect, cib, now: turn.env.now });
}

export function notePlacement(turn: Turn, effect: number, devices: DevicePlacement): void {
  const { computing, ...placement } = turn.state.placement;
  if (computing !== effect) return;
  update(turn, { placement: { ...placement, devices, known: true } });
  // A device whose definition changed may be for other nodes now.
  update(turn, { lists: new Map() });
  askAgents(turn);
  if (turn.state.cib !== undefined) noteCib(turn, turn.state.cib);
}

/** Asks every agent that is not known what it can do. */
export function askAgents(turn: Turn): void {
  if (!turn.state.executor) return;
  for (const { agent: type } of devicesOf(turn.state)) {
    if (turn.state.agents.has(type)) continue;
    update(turn, { agents: new Map(turn.state.agents).set(type, 'asked') });
    const agent = { standard: 'stonith', type };
    const request = { kind: 'metadata', asker: 'fencer', request: askNumber(turn, type), agent } as const;
    turn.effects.push({ kind: 'ask-executor', request });
  }
}

/** Agents are told apart in the answers by their place in the list of those asked. */
const askNumber = ({ state }: Turn, type: string): number => [...state.agents.keys()].indexOf(type);

export function noteMetadata(turn: Turn, request: number, xml: string | undefined): void {
  const type = [...turn.state.agents.keys()][request];
  if (type === undefined) return;
  const parsed = xml === undefined ? undefined : parseXml(xml);
  const facts = parsed?.ok === true ? agentFacts(parsed.root) : 'silent';
  update(turn, { agents: new Map(turn.state.agents).set(type, facts) });
}

/** The executor that was asked is gone; its successor will be asked anew. */
export function forgetQuestions(turn: Turn): void {
  const agents = new Map([...turn.state.agents].filter(([, facts]) => typeof facts === 'object'));
  update(turn, { agents });
}
