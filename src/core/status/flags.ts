import type { ResourceFlags } from './picture.ts';

export type MutableFlags = { -readonly [K in keyof ResourceFlags]: ResourceFlags[K] };

/** A class, for there are many of them, and the engine makes literals of so many properties slowly. */
export class Flags implements MutableFlags {
  managed: boolean;
  blocked: boolean;
  maintenance: boolean;
  failed: boolean;
  failureIgnored: boolean;
  stopIfFailed: boolean;
  removed: boolean;
  removedLaunched: boolean;
  unique: boolean;
  critical: boolean;
  notify: boolean;
  promotable: boolean;
  migratable: boolean;
  fenceDevice: boolean;
  remoteConnection: boolean;
  needsFencing: boolean;
  needsQuorum: boolean;
  needsUnfencing: boolean;
  startPending: boolean;
  bundled: boolean;
  exclusiveDiscovery: boolean;
  replicaContainer: boolean;
  nestingAllowed: boolean;

  /** As another has them; without, none. */
  constructor(like?: ResourceFlags) {
    this.managed = like?.managed ?? false;
    this.blocked = like?.blocked ?? false;
    this.maintenance = like?.maintenance ?? false;
    this.failed = like?.failed ?? false;
    this.failureIgnored = like?.failureIgnored ?? false;
    this.stopIfFailed = like?.stopIfFailed ?? false;
    this.removed = like?.removed ?? false;
    this.removedLaunched = like?.removedLaunched ?? false;
    this.unique = like?.unique ?? false;
    this.critical = like?.critical ?? false;
    this.notify = like?.notify ?? false;
    this.promotable = like?.promotable ?? false;
    this.migratable = like?.migratable ?? false;
    this.fenceDevice = like?.fenceDevice ?? false;
    this.remoteConnection = like?.remoteConnection ?? false;
    this.needsFencing = like?.needsFencing ?? false;
    this.needsQuorum = like?.needsQuorum ?? false;
    this.needsUnfencing = like?.needsUnfencing ?? false;
    this.startPending = like?.startPending ?? false;
    this.bundled = like?.bundled ?? false;
    this.exclusiveDiscovery = like?.exclusiveDiscovery ?? false;
    this.replicaContainer = like?.replicaContainer ?? false;
    this.nestingAllowed = like?.nestingAllowed ?? false;
  }
}
