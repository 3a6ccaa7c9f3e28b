import { MINUS_INFINITY, type Score } from '../model/score.ts';
import { attribute, child, childrenNamed, element, type XmlElement } from '../xml/element.ts';
import { containerResource, type Mount, type Port } from './containers.ts';
import { type Draft, findResource, type NodeDraft, type ReplicaDraft, type ResourceDraft } from './draft.ts';
import { createNode, setBase } from './nodes.ts';
import { setPlace } from './places.ts';
import { connectionResource } from './remote-resource.ts';
import { unpackResource } from './resources.ts';
import { parseInteger } from './words.ts';

const REMOTE_PORT = '3121';
const KEY_FILE = '/etc/pacemaker/authkey';
const LOG_FOLDER = '/var/log/pacemaker/bundles';

/** What the element of a bundle says. */
interface Configuration {
  readonly prefix: string;
  readonly launcher: XmlElement;
  readonly network: XmlElement | undefined;
  readonly promotedMax: number;
  readonly replicas: number;
  readonly perHost: number;
  readonly controlPort: string | undefined;
  readonly firstAddress: string | undefined;
  readonly ports: Port[];
  readonly mounts: Mount[];
}

/**
 * A bundle: replicas of a container, each with its address, a connection into it, and, through that, an instance of
 * what is configured inside.
 */
export function unpackBundle(draft: Draft, bundle: ResourceDraft): boolean {
  const launcher = child(bundle.xml, 'docker') ?? child(bundle.xml, 'podman');
  if (launcher === undefined) return false;
  const configuration = readConfiguration(bundle, launcher);
  bundle.flags.unique = (parseInteger(attribute(launcher, 'replicas-per-host')) ?? 1) > 1;
  bundle.flags.bundled = true;
  bundle.bundle = {
    image: attribute(launcher, 'image') ?? '',
    replicas: [],
    promotedMax: configuration.promotedMax,
    replicasPerHost: configuration.perHost,
  };
  const inner = child(bundle.xml, 'primitive');
  const reachable = configuration.firstAddress !== undefined || configuration.controlPort !== undefined;
  if (inner !== undefined && !reachable) {
    draft.problems.push(
      `error: Cannot control ${bundle.id} inside ${attribute(inner, 'id')} without either ip-range-start or control-port`,
    );
    return false;
  }
  const clone =
    inner === undefined ? undefined : unpackResource(draft, cloneOf(configuration, inner), bundle);
  if (inner !== undefined && clone === undefined) return false;
  if (clone !== undefined) prepareInside(configuration, bundle, clone);
  if (!makeReplicas(draft, bundle, { configuration, clone })) return false;
  if (clone !== undefined) bundle.children.push(clone);
  return true;
}

function readConfiguration(bundle: ResourceDraft, launcher: XmlElement): Configuration {
  const network = child(bundle.xml, 'network');
  const promoted = attribute(launcher, 'promoted-max') ?? attribute(launcher, 'masters');
  const promotedMax = Math.max(parseInteger(promoted) ?? 0, 0);
  const replicas = attribute(launcher, 'replicas');
  const controlPort = network === undefined ? undefined : attribute(network, 'control-port');
  const firstAddress = network === undefined ? undefined : attribute(network, 'ip-range-start');
  const perHost = Math.max(parseInteger(attribute(launcher, 'replicas-per-host')) ?? 1, 1);
  return {
    prefix: bundle.id,
    launcher,
    network,
    promotedMax,
    replicas:
      replicas === undefined && promotedMax > 0 ? promotedMax : Math.max(parseInteger(replicas) ?? 1, 1),
    perHost: controlPort !== undefined && firstAddress === undefined ? 1 : perHost,
    controlPort,
    firstAddress,
    ports: (network === undefined ? [] : childrenNamed(network, 'port-mapping')).flatMap(readPort),
    mounts: childrenNamed(child(bundle.xml, 'storage') ?? bundle.xml, 'storage-mapping').flatMap(readMount),
  };
}

function readPort(xml: XmlElement): Port[] {
  const port = attribute(xml, 'port');
  const source = port ?? attribute(xml, 'range');
  if (source === undefined || source === '') return [];
  return [{ source, target: (port === undefined ? undefined : attribute(xml, 'internal-port')) ?? source }];
}

function readMount(xml: XmlElement): Mount[] {
  const folder = attribute(xml, 'source-dir');
  const source = folder ?? attribute(xml, 'source-dir-root');
  const target = attribute(xml, 'target-dir');
  if (source === undefined || target === undefined) return [];
  return [{ source, target, options: attribute(xml, 'options'), perReplica: folder === undefined }];
}

/** The clone whose instances run in the replicas. */
function cloneOf({ prefix, promotedMax, replicas, perHost }: Configuration, inner: XmlElement): XmlElement {
  const id = `${prefix}-${promotedMax > 0 ? 'master' : 'clone'}`;
  const pairs: [string, string][] = [
    ['ordered', 'true'],
    ['clone-max', String(replicas)],
    ['clone-node-max', String(perHost)],
    ['globally-unique', String(perHost > 1)],
  ];
  if (promotedMax > 0) pairs.push(['promotable', 'true'], ['promoted-max', String(promotedMax)]);
  const set = `${prefix}-clone-meta`;
  const meta = pairs.map(([name, value]) => element('nvpair', { id: `${set}-${name}`, name, value }));
  return element('clone', { id }, [element('meta_attributes', { id: set }, meta), inner]);
}

/** What containers need so that the cluster can manage what is in them. */
function prepareInside(configuration: Configuration, bundle: ResourceDraft, clone: ResourceDraft): void {
  const { mounts, ports } = configuration;
  const hasLogs = mounts.some(({ target }) => target === '/var/log');
  mounts.push({ source: KEY_FILE, target: KEY_FILE, options: undefined, perReplica: false });
  if (!hasLogs) mounts.push({ source: LOG_FOLDER, target: '/var/log', options: undefined, perReplica: true });
  const port = configuration.controlPort ?? REMOTE_PORT;
  ports.push({ source: port, target: port });
  for (const instance of clone.children) {
    instance.flags.exclusiveDiscovery = true;
    if (instance.flags.notify) clone.flags.notify = true;
    const target = instance.meta.get('container-attribute-target');
    if (target === undefined) continue;
    bundle.meta.set('container-attribute-target', target);
    clone.meta.set('container-attribute-target', target);
  }
}

interface Making {
  readonly configuration: Configuration;
  readonly clone: ResourceDraft | undefined;
}

function makeReplicas(draft: Draft, bundle: ResourceDraft, making: Making): boolean {
  const { configuration, clone } = making;
  const count = clone === undefined ? configuration.replicas : clone.children.length;
  const addresses = addressesOf(configuration, count);
  for (let offset = 0; offset < count; offset += 1) {
    const replica = makeReplica(draft, bundle, { ...making, offset, addresses });
    if (replica === undefined) return false;
    bundle.bundle?.replicas.push(replica);
  }
  return true;
}

function addressesOf({ firstAddress }: Configuration, count: number): (string | undefined)[] {
  const addresses: (string | undefined)[] = [];
  let last = firstAddress;
  for (let made = 0; made < count; made += 1) {
    addresses.push(last);
    last = last === undefined ? undefined : nextAddress(last);
  }
  return addresses;
}

function nextAddress(address: string): string | undefined {
  const parts = address.split('.').map(Number);
  const [first, second, third = 0, fourth = 0] = parts;
  if (parts.length !== 4 || third > 253) return undefined;
  return fourth > 253 ? `${first}.${second}.${third + 1}.1` : `${first}.${second}.${third}.${fourth + 1}`;
}

interface MakingOne extends Making {
  readonly offset: number;
  readonly addresses: readonly (string | undefined)[];
}

function makeReplica(draft: Draft, bundle: ResourceDraft, making: MakingOne): ReplicaDraft | undefined {
  const { configuration, clone, offset, addresses } = making;
  const inside = clone?.children[offset];
  const address = addresses[offset];
  const container = unpackResource(
    draft,
    containerResource({ ...configuration, offset, addresses, managed: inside !== undefined }),
    bundle,
  );
  if (container === undefined) return undefined;
  container.flags.replicaContainer = true;
  bundle.children.push(container);
  const replica: ReplicaDraft = { offset, address, container, child: inside };
  if (address !== undefined) {
    replica.ip = unpackResource(draft, addressResource(configuration, { address, offset }), bundle);
    if (replica.ip === undefined) return undefined;
    bundle.children.push(replica.ip);
  }
  if (inside !== undefined && !connect(draft, bundle, { configuration, replica, inside })) return undefined;
  if (inside !== undefined && address !== undefined) inside.meta.set('external-ip', address);
  if (inside !== undefined) {
    const none = container.utilization;
    container.utilization = inside.utilization;
    inside.utilization = none;
  }
  return replica;
}

function addressResource(
  { prefix, network }: Configuration,
  { address, offset }: { readonly address: string; readonly offset: number },
): XmlElement {
  const id = `${prefix}-ip-${address.replaceAll(':', '.')}`;
  const set = `${prefix}-attributes-${offset}`;
  const pairs: [string, string][] = [['ip', address]];
  const nic = network === undefined ? undefined : attribute(network, 'host-interface');
  if (nic !== undefined) pairs.push(['nic', nic]);
  pairs.push([
    'cidr_netmask',
    (network === undefined ? undefined : attribute(network, 'host-netmask')) ?? '32',
  ]);
  return element('primitive', { id, class: 'ocf', provider: 'heartbeat', type: 'IPaddr2' }, [
    element(
      'instance_attributes',
      { id: set },
      pairs.map(([name, value]) => element('nvpair', { id: `${set}-${name}`, name, value })),
    ),
    element('operations', {}, [element('op', { id: `${id}-monitor-60s`, interval: '60s', name: 'monitor' })]),
  ]);
}

interface Connecting {
  readonly configuration: Configuration;
  readonly replica: ReplicaDraft;
  readonly inside: ResourceDraft;
}

/** The node that a replica is, and the connection to it: only its own instance may run there. */
function connect(
  draft: Draft,
  bundle: ResourceDraft,
  { configuration, replica, inside }: Connecting,
): boolean {
  const plain = `${configuration.prefix}-${replica.offset}`;
  const taken = findResource(draft, plain) !== undefined;
  const name = taken ? `pcmk-internal-${inside.id}-remote-${replica.offset}` : plain;
  const xml = connectionResource({
    name,
    container: replica.container.id,
    server: replica.address ?? '#uname',
    port: configuration.controlPort ?? REMOTE_PORT,
  });
  const known = draft.nodeByName.get(name);
  const node = known ?? createNode(draft, { id: name, name, type: 'remote' });
  if (node === undefined) return false;
  setBase(draft, node, { score: MINUS_INFINITY, discovery: 'never' });
  if (known !== undefined) for (const resource of draft.resources) disallow(resource, node);
  inside.places = new Map([[node.id, { score: OWN_PLACE, discovery: 'exclusive' }]]);
  inside.sharesPlaces = false;
  if (inside.parent !== undefined) {
    setPlace(inside.parent, node, { score: MINUS_INFINITY, discovery: 'exclusive' });
  }
  const remote = unpackResource(draft, xml, bundle);
  if (remote === undefined) return false;
  for (const one of draft.nodes) {
    const place = one.kind === 'cluster' ? undefined : remote.places.get(one.id);
    if (place !== undefined) setPlace(remote, one, { ...place, score: MINUS_INFINITY });
  }
  remote.launcher = replica.container;
  remote.flags.nestingAllowed = true;
  node.connection = remote;
  node.kind = 'guest';
  node.attributes.set('#kind', 'container');
  replica.node = node;
  replica.remote = remote;
  bundle.children.push(remote);
  return true;
}

/** A replica's own node is worth this to its instance before anything else is known. */
const OWN_PLACE = 500 as Score;

function disallow(resource: ResourceDraft, node: NodeDraft): void {
  if (resource.places.has(node.id)) {
    setPlace(resource, node, { score: MINUS_INFINITY, discovery: 'never' });
  }
  for (const one of resource.children) disallow(one, node);
}
