import type { Role } from '../model/role.ts';
import { attribute, type XmlElement } from '../xml/element.ts';
import type { Nature, NodeDraft, ResourceDraft } from './draft.ts';
import { Flags, type MutableFlags } from './flags.ts';
import { MetaAttributes } from './meta-attributes.ts';
import { NodeSet } from './node-set.ts';
import type { AgentName, OperationPicture, Place, ResourceKind } from './picture.ts';

const NO_PLACES: ReadonlyMap<string, Place> = new Map();

/** A resource of which no more is known than its element says; what is in it is still to be read. */
export class BareResource implements ResourceDraft {
  readonly nature: Nature;
  id: string;
  historyId: string | undefined = undefined;
  kind: ResourceKind;
  xml: XmlElement;
  parent: ResourceDraft | undefined;
  children: ResourceDraft[] = [];
  meta: MetaAttributes;
  utilization: ReadonlyMap<string, string>;
  agent: AgentName | undefined;
  agentText: string;
  operations: readonly OperationPicture[];
  role: Role = 'Stopped';
  nextRole: Role;
  activeOn: NodeDraft[] = [];
  knownOn = new NodeSet();
  places = NO_PLACES;
  sharesPlaces = true;
  pendingAction: string | undefined = undefined;
  pendingNode: NodeDraft | undefined = undefined;
  partialMigration: ResourceDraft['partialMigration'] = undefined;
  danglingMigrations: NodeDraft[] = [];
  flags: MutableFlags;
  priority: number;
  stickiness: number;
  failureTimeout: ResourceDraft['failureTimeout'];
  migrationThreshold: number;
  multipleActive: ResourceDraft['multipleActive'];
  lock: ResourceDraft['lock'] = undefined;
  clone: ResourceDraft['clone'] = undefined;
  bundle: ResourceDraft['bundle'] = undefined;
  group: ResourceDraft['group'] = undefined;
  launcher: ResourceDraft | undefined = undefined;
  launched: ResourceDraft[] = [];
  reconnectInterval: ResourceDraft['reconnectInterval'];

  constructor(xml: XmlElement, parent: ResourceDraft | undefined, nature: Nature) {
    const instance = attribute(xml, 'clone');
    const id = attribute(xml, 'id') ?? '';
    this.nature = nature;
    this.id = instance === undefined ? id : `${id}:${instance}`;
    this.kind = xml.name as ResourceKind;
    this.xml = xml;
    this.parent = parent;
    this.meta = new MetaAttributes(nature.meta);
    if (instance !== undefined) this.meta.set('clone', instance);
    this.utilization = nature.utilization;
    this.agent = nature.agent;
    this.agentText = nature.agentText;
    this.operations = nature.operations;
    this.nextRole = nature.targetRole ?? 'Unknown';
    this.flags = new Flags(nature.flags);
    this.priority = nature.priority;
    this.stickiness = nature.stickiness;
    this.failureTimeout = nature.failureTimeout;
    this.migrationThreshold = nature.migrationThreshold;
    this.multipleActive = nature.multipleActive;
    this.reconnectInterval = nature.reconnectInterval;
  }
}
