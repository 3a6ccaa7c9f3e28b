import { parseBoolean } from '../model/boolean.ts';
import { attribute, element, type XmlElement } from '../xml/element.ts';

export interface Port {
  readonly source: string;
  readonly target: string;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly options: string | undefined;
  /** Each replica has a folder of its own below the source. */
  readonly perReplica: boolean;
}

export interface ContainerWish {
  readonly prefix: string;
  readonly offset: number;
  /** The `docker` or `podman` element, and the network of the bundle. */
  readonly launcher: XmlElement;
  readonly network: XmlElement | undefined;
  readonly controlPort: string | undefined;
  readonly firstAddress: string | undefined;
  readonly addresses: readonly (string | undefined)[];
  readonly mounts: readonly Mount[];
  readonly ports: readonly Port[];
  /** The cluster manages something in it. */
  readonly managed: boolean;
}

const REMOTE_PORT = '3121';

/** The resource that runs one container of a bundle. */
export function containerResource(wish: ContainerWish): XmlElement {
  const { prefix, offset, launcher } = wish;
  const id = `${prefix}-${launcher.name}-${offset}`;
  const set = `${prefix}-attributes-${offset}`;
  const pairs: [string, string][] = [
    ['image', attribute(launcher, 'image') ?? ''],
    ['allow_pull', 'true'],
    ['force_kill', 'false'],
    ['reuse', 'false'],
    ['run_opts', optionsOf(wish)],
    ['mount_points', ownFolders(wish).join(',')],
  ];
  const command =
    attribute(launcher, 'run-command') ?? (wish.managed ? '/usr/sbin/pacemaker-remoted' : undefined);
  if (command !== undefined) pairs.push(['run_cmd', command]);
  pairs.push(['monitor_cmd', '/bin/true']);
  return element('primitive', { id, class: 'ocf', provider: 'heartbeat', type: launcher.name }, [
    element(
      'instance_attributes',
      { id: set },
      pairs.map(([name, value]) => element('nvpair', { id: `${set}-${name}`, name, value })),
    ),
    element('operations', {}, [element('op', { id: `${id}-monitor-60s`, interval: '60s', name: 'monitor' })]),
  ]);
}

const folderOf = ({ source, perReplica }: Mount, { prefix, offset }: ContainerWish): string =>
  perReplica ? `${source}/${prefix}-${offset}` : source;

const ownFolders = (wish: ContainerWish): string[] =>
  wish.mounts.filter(({ perReplica }) => perReplica).map(mount => folderOf(mount, wish));

/** Options of the launcher's `run`, the administrator's own and those that make all replicas known to each. */
function optionsOf(wish: ContainerWish): string {
  const { prefix, offset, launcher, mounts, controlPort } = wish;
  let text = launcher.name === 'docker' ? ' --restart=no' : '';
  if (wish.firstAddress !== undefined) text += ` -h ${prefix}-${offset}`;
  text += ' -e PCMK_stderr=1';
  const network = attribute(launcher, 'network');
  if (network !== undefined) text += ` --net=${network}`;
  text += ` -e PCMK_remote_port=${controlPort ?? REMOTE_PORT}`;
  for (const mount of mounts) {
    text += ` -v ${folderOf(mount, wish)}:${mount.target}`;
    if (mount.options !== undefined) text += `:${mount.options}`;
  }
  text += portOptions(wish, network);
  const own = attribute(launcher, 'options');
  if (own !== undefined) text += ` ${own}`;
  return `${text} ${hostOptions(wish)}`;
}

function portOptions({ ports, addresses, offset }: ContainerWish, network: string | undefined): string {
  const address = addresses[offset];
  if (address === undefined && network === 'host') return '';
  const host = address === undefined ? '' : `${address}:`;
  return ports.map(({ source, target }) => ` -p ${host}${source}:${target}`).join('');
}

function hostOptions({ prefix, addresses, network, firstAddress }: ContainerWish): string {
  if (firstAddress === undefined) return '';
  const adds = network === undefined || parseBoolean(attribute(network, 'add-host')) !== false;
  return addresses
    .map((address, at) =>
      adds ? ` --add-host=${prefix}-${at}:${address}` : ` --hosts-entry=${address}=${prefix}-${at}`,
    )
    .join('');
}
