/** A fence device: what its parameters tell the cluster, and what its agent is told. */
import type { Random } from '../../base/random.ts';
import { type Duration, type Instant, later, milliseconds, seconds } from '../../base/time.ts';
import type { FencingAction } from '../../messages/client.ts';
import { parseInterval } from '../../model/interval.ts';
import type { NodeName } from '../../model/names.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../../xml/element.ts';

export type Parameters = Readonly<Record<string, string>>;

export interface Device {
  readonly id: string;
  readonly agent: string;
  readonly parameters: Parameters;
  /** What the agent says of itself; absent until it is known. */
  readonly agentFacts?: AgentFacts;
  /** What the agent listed last, for `dynamic-list`. */
  readonly listed?: Listed;
}

export interface AgentFacts {
  readonly actions: readonly string[];
  readonly parameters: readonly string[];
  /** Its `on` is to be done by the target itself. */
  readonly onTarget: boolean;
}

export interface Listed {
  readonly names: readonly string[];
  readonly until: Instant;
}

const LISTED_FOR = seconds(60);

/** Where nothing is known of an agent it is taken to be of the common kind. */
const UNKNOWN_AGENT: AgentFacts = {
  actions: ['on', 'off', 'reboot', 'status', 'list', 'monitor'],
  parameters: ['port'],
  onTarget: false,
};

export const factsOf = ({ agentFacts }: Device): AgentFacts => agentFacts ?? UNKNOWN_AGENT;

/** Reads an agent's metadata. */
export function agentFacts(metadata: XmlElement): AgentFacts {
  const names = (section: string, of: string) =>
    childrenNamed(child(metadata, section) ?? metadata, of).map(one => attribute(one, 'name') ?? '');
  const actions = childrenNamed(child(metadata, 'actions') ?? metadata, 'action');
  return {
    actions: names('actions', 'action'),
    parameters: names('parameters', 'parameter'),
    onTarget: actions.some(
      one => attribute(one, 'name') === 'on' && ['1', 'true'].includes(attribute(one, 'on_target') ?? ''),
    ),
  };
}

export type HostCheck = 'static-list' | 'dynamic-list' | 'status' | 'none';

export function hostCheckOf(device: Device): HostCheck {
  const { pcmk_host_check: check, pcmk_host_list: list, pcmk_host_map: map } = device.parameters;
  if (check === 'static-list' || check === 'dynamic-list' || check === 'status' || check === 'none')
    return check;
  if (list !== undefined || map !== undefined) return 'static-list';
  const { actions } = factsOf(device);
  if (actions.includes('list')) return 'dynamic-list';
  return actions.includes('status') ? 'status' : 'none';
}

/** Whether the device is for that node: `ask` where its agent has to be asked first. */
export function canFence(device: Device, target: NodeName, now: Instant): boolean | 'ask' {
  switch (hostCheckOf(device)) {
    case 'none':
      return true;
    case 'static-list':
      return hostList(device).includes(target) || hostMap(device).has(target);
    case 'dynamic-list': {
      const { listed } = device;
      if (listed === undefined || listed.until <= now) return 'ask';
      return listed.names.includes(hostMap(device).get(target) ?? target);
    }
    case 'status':
      return 'ask';
  }
}

/** The nodes that the device is for, by their names in the cluster, as far as its parameters or its list tell. */
export function targetsOf(device: Device): readonly string[] {
  const { listed } = device;
  const map = hostMap(device);
  if (hostCheckOf(device) === 'static-list') return [...new Set([...hostList(device), ...map.keys()])];
  const byPort = new Map([...map].map(([node, port]) => [port, node]));
  return (listed?.names ?? []).map(name => byPort.get(name) ?? name);
}

const hostList = ({ parameters }: Device): readonly string[] =>
  (parameters.pcmk_host_list ?? '').split(/[\s,;]+/).filter(one => one !== '');

/** `node1:1;node2:2,3`: by node what the device calls it. A backslash takes the next character as it is. */
function hostMap({ parameters }: Device): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  const text = parameters.pcmk_host_map ?? '';
  for (const [, node = '', port = ''] of text.matchAll(/([^\s;:=]+)[:=]((?:\\.|[^\\;\s])*)/g)) {
    map.set(node, port.replaceAll(/\\(.)/g, '$1'));
  }
  return map;
}

/** Names in what an agent's `list` printed: the first word of each line, and the alias after it. */
export function readList(output: string, now: Instant): Listed {
  const names = output.split('\n').flatMap(line => line.split(/[,\s]+/).slice(0, 2));
  return { names: names.filter(name => name !== ''), until: later(now, LISTED_FOR) };
}

/** The word that the agent is told for the action. */
export function agentAction(device: Device, action: FencingAction): string {
  const configured = device.parameters[`pcmk_${action}_action`];
  if (configured !== undefined) return configured;
  return action === 'reboot' && !factsOf(device).actions.includes('reboot') ? 'off' : action;
}

export function supports(device: Device, action: FencingAction): boolean {
  return action !== 'on' || factsOf(device).actions.includes('on') || 'pcmk_on_action' in device.parameters;
}

/** The agent's parameters for a target: what is configured, with the target in the place that the agent has for it. */
export function parametersFor(device: Device, target: NodeName): Parameters {
  const { parameters } = device;
  const known = factsOf(device).parameters;
  const place =
    parameters.pcmk_host_argument ??
    (known.includes('port') ? 'port' : known.includes('plug') ? 'plug' : 'none');
  const configured = parameters[place];
  const named = { ...parameters, nodename: target };
  if (place === 'none' || (configured !== undefined && configured !== 'dynamic')) return named;
  return { ...named, [place]: hostMap(device).get(target) ?? target };
}

export function timeoutOf({ parameters }: Device, action: string): Duration | undefined {
  const text = parameters[`pcmk_${action}_timeout`];
  return text === undefined ? undefined : parseInterval(text);
}

/** How often an action is tried in all. */
export function triesOf({ parameters }: Device, action: string): number {
  const tries = Number(parameters[`pcmk_${action}_retries`] ?? 2);
  return Number.isInteger(tries) && tries > 0 ? tries : 1;
}

/** Actions at a time on the device; 0 is without limit. */
export function actionLimit({ parameters }: Device): number {
  const limit = Number(parameters.pcmk_action_limit ?? 1);
  return limit === -1 ? 0 : Number.isInteger(limit) && limit > 0 ? limit : 1;
}

/** The base delay for the target (the parameter may be one for all, or a map), and the most that chance adds up to. */
export function delayBounds(
  { parameters }: Device,
  target: NodeName,
): { readonly base: number; readonly most: number } {
  const text = parameters.pcmk_delay_base ?? '';
  const own = [...text.matchAll(/([^\s;:=]+)[:=]([^\s;]+)/g)].find(([, node]) => node === target)?.[2];
  const base = parseInterval(own ?? (/[:=]/.test(text) ? '0' : text)) ?? 0;
  return { base, most: Math.max(base, parseInterval(parameters.pcmk_delay_max ?? '0') ?? 0) };
}

export function drawDelay(device: Device, target: NodeName, random: Random): Duration {
  const { base, most } = delayBounds(device, target);
  return milliseconds(most > base ? random.within(base, most) : base);
}
