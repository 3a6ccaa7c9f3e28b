/** Where the files and sockets of a node are. */
export interface Places {
  /** Who this node is and how it reaches the others: see `host/main/configuration.ts`. */
  readonly configuration: string;
  readonly clientSocket: string;
  readonly executorSocket: string;
  /** Folder of the CIB's files. */
  readonly cib: string;
  readonly log: string;
  /** Folder of what the scheduler decided on. */
  readonly schedulerInputs: string;
  /** Folder in which agents keep what lives as long as the node is up. */
  readonly run: string;
}

/** Environment variable that names the folder of a node of which a host has several. */
export const NODE_FOLDER = 'PCMK_node_folder';

const SYSTEM: Places = {
  configuration: '/etc/pacemaker/node.json',
  clientSocket: '/run/crm/pacemakerd.socket',
  executorSocket: '/run/crm/pacemaker-execd.socket',
  cib: '/var/lib/pacemaker/cib',
  log: '/var/log/pacemaker',
  schedulerInputs: '/var/lib/pacemaker/pengine',
  run: '/run/resource-agents',
};

/** The places of the host's one node, or of the node that has a folder of its own. */
export function placesOf(folder: string | undefined): Places {
  if (folder === undefined) return SYSTEM;
  return {
    configuration: `${folder}/node.json`,
    clientSocket: `${folder}/pacemakerd.socket`,
    executorSocket: `${folder}/pacemaker-execd.socket`,
    cib: `${folder}/cib`,
    log: `${folder}/log`,
    schedulerInputs: `${folder}/pengine`,
    run: `${folder}/run`,
  };
}
