/** What an agent finds in its environment, as OCF and Pacemaker promise it. */
import type { AgentReference } from '../../core/daemons/contract.ts';

type Environment = Readonly<Record<string, string>>;

export interface Setting {
  /** What the executor itself was given; variables of the runtime and of npm are kept from agents. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  readonly ocfRoot: string;
  /** Folder of the cluster's commands: first in PATH, and where agents that name it look. */
  readonly commands: string;
  /** Where agents keep their state as long as the node is up. */
  readonly run: string;
}

const OF_THE_RUNTIME = /^(?:NODE_|npm_|INIT_CWD$|OCF_)/;

/** For every agent, whatever its standard. */
export function commonEnvironment({ inherited, commands, run }: Setting): Environment {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !OF_THE_RUNTIME.test(name)) kept[name] = value;
  }
  const path = kept.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const cluster = { cluster_type: 'corosync', quorum_type: 'corosync', mcp: 'true' };
  return {
    LC_ALL: 'C',
    ...kept,
    ...prefixed('HA_', cluster),
    ...prefixed('PCMK_', cluster),
    HA_LOGFACILITY: kept.HA_LOGFACILITY ?? 'daemon',
    HA_logfacility: kept.HA_logfacility ?? 'daemon',
    PCMK_service: 'pacemaker-execd',
    HA_SBIN_DIR: commands,
    HA_RSCTMP: run,
    PATH: path.split(':').includes(commands) ? path : `${commands}:${path}`,
  };
}

/** What an OCF agent has beyond that. */
export function ocfEnvironment(
  { provider, type }: AgentReference,
  resource: string,
  parameters: Environment,
  { ocfRoot }: Setting,
): Environment {
  return {
    OCF_ROOT: ocfRoot,
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    OCF_OUTPUT_FORMAT: 'text',
    OCF_RESOURCE_INSTANCE: resource,
    OCF_RESOURCE_TYPE: type,
    ...(provider === undefined ? {} : { OCF_RESOURCE_PROVIDER: provider }),
    ...parameterEnvironment(parameters),
  };
}

/** `OCF_CHECK_LEVEL` stands for itself; a meta-attribute that no variable can be named after is left out. */
function parameterEnvironment(parameters: Environment): Environment {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (name.includes('=') || name.includes('\0') || value.includes('\0')) continue;
    if (name.startsWith('CRM_meta_') && /[#:]/.test(name)) continue;
    if (name === 'OCF_CHECK_LEVEL') named[name] = value;
    else named[`OCF_RESKEY_${name.startsWith('CRM_meta_') ? name.replaceAll('-', '_') : name}`] = value;
  }
  return named;
}

const prefixed = (prefix: string, of: Environment): Environment =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [`${prefix}${name}`, value]));
