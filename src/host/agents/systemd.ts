/**
 * Actions on systemd's units, over D-Bus. The answer is given as an init script would give it: 0 running, 3 not
 * running, 4 not known, 150 no such unit; for actions 0 done, 1 failed, 5 no such unit.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MessageBus, Message as MessageType } from '@jellybrick/dbus-next';
import { serviceMetadata } from './lsb-metadata.ts';

export interface SystemdAnswer {
  readonly status: number;
  readonly stderr: string;
}

const SYSTEMD = 'org.freedesktop.systemd1';
const MANAGER_PATH = '/org/freedesktop/systemd1';
const MANAGER = 'org.freedesktop.systemd1.Manager';
/** How often a unit that is on its way up or down is looked at again; the executor's patience ends it. */
const LOOK_AGAIN_MS = 500;

function unitName(name: string): string {
  return /\.(?:service|socket|mount|timer|path)$/.test(name) ? name : `${name}.service`;
}

export function systemdMetadata(name: string): string {
  return serviceMetadata(name, `systemd unit file for ${name}`, `systemd unit file for ${name}`);
}

/** One action on one unit. It ends once, by itself or by `kill`. */
export class SystemdJob {
  readonly #link: SystemdLink;
  readonly #unit: string;
  readonly #ended: (answer: SystemdAnswer) => void;
  #over = false;

  constructor(
    link: SystemdLink,
    { unit, action }: { readonly unit: string; readonly action: string },
    ended: (answer: SystemdAnswer) => void,
  ) {
    this.#link = link;
    this.#unit = unitName(unit);
    this.#ended = ended;
    this.#run(action).then(
      answer => this.#end(answer),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        this.#end({ status: action === 'status' ? 4 : 1, stderr: `ocf-exit-reason:${why}\n` });
      },
    );
  }

  /** systemd itself goes on with what it was told; only the waiting for it ends. */
  kill(): void {
    this.#end({ status: 1, stderr: '' });
  }

  #end(answer: SystemdAnswer): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended(answer);
  }

  async #run(action: string): Promise<SystemdAnswer> {
    const systemd = await this.#link.connect();
    switch (action) {
      case 'status':
      case 'monitor':
        return this.#look(systemd);
      case 'start':
        return this.#change(systemd, 'StartUnit');
      case 'stop': {
        const answer = await this.#change(systemd, 'StopUnit');
        if (removeOverride(this.#link.overrides, this.#unit)) await systemd.call('Reload');
        return answer.status === 5 ? { status: 0, stderr: '' } : answer;
      }
      case 'restart':
        return this.#change(systemd, 'RestartUnit');
      default:
        return { status: 3, stderr: `ocf-exit-reason:systemd units have no action ${action}\n` };
    }
  }

  async #look(systemd: Systemd): Promise<SystemdAnswer> {
    const [path] = await systemd.call('LoadUnit', 's', [this.#unit]);
    for (;;) {
      if ((await systemd.property(String(path), 'LoadState')) === 'not-found') return this.#missing(150);
      const state = await systemd.property(String(path), 'ActiveState');
      if (state === 'active' || state === 'reloading') return { status: 0, stderr: '' };
      if (this.#over || (state !== 'activating' && state !== 'deactivating'))
        return { status: 3, stderr: '' };
      await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async #change(systemd: Systemd, method: 'StartUnit' | 'StopUnit' | 'RestartUnit'): Promise<SystemdAnswer> {
    const [path] = await systemd.call('LoadUnit', 's', [this.#unit]);
    if ((await systemd.property(String(path), 'LoadState')) === 'not-found') return this.#missing(5);
    if (method === 'StartUnit') {
      writeOverride(this.#link.overrides, this.#unit);
      await systemd.call('Reload');
    }
    const result = await systemd.job(method, this.#unit);
    if (result === 'done' || result === 'skipped') return { status: 0, stderr: '' };
    return { status: 1, stderr: `ocf-exit-reason:${method} of ${this.#unit} ended as '${result}'\n` };
  }

  #missing(status: number): SystemdAnswer {
    return { status, stderr: `ocf-exit-reason:there is no unit ${this.#unit}\n` };
  }
}

const overrideOf = (folder: string, unit: string): string => join(folder, `${unit}.d`, '50-pacemaker.conf');

/** At shutdown systemd must stop the cluster before the unit, and never start the unit again by itself. */
function writeOverride(folder: string, unit: string): void {
  const order = '[Unit]\nBefore=pacemaker.service pacemaker_remote.service\n';
  const service = unit.endsWith('.service') ? '\n[Service]\nRestart=no\n' : '';
  const file = overrideOf(folder, unit);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `# Written by Pacemaker while it runs this unit\n${order}${service}`);
}

/** Whether there was one. */
function removeOverride(folder: string, unit: string): boolean {
  const file = overrideOf(folder, unit);
  if (!existsSync(file)) return false;
  rmSync(file);
  return true;
}

/** systemd's manager on the system bus. */
class Systemd {
  readonly #bus: MessageBus;
  readonly #newMessage: (of: Call) => MessageType;
  /** Results of jobs that ended, by path; and who waits for one. */
  readonly #results = new Map<string, string>();
  readonly #waiting = new Map<string, (result: string) => void>();

  constructor(bus: MessageBus, newMessage: (of: Call) => MessageType) {
    this.#bus = bus;
    this.#newMessage = newMessage;
    bus.on('message', message => {
      if (message.interface !== MANAGER || message.member !== 'JobRemoved') return;
      const [, path, , outcome] = message.body;
      const [job, result] = [String(path), String(outcome)];
      const waiting = this.#waiting.get(job);
      if (waiting === undefined) this.#results.set(job, result);
      else waiting(result);
    });
  }

  async subscribe(): Promise<void> {
    const rule = `type='signal',sender='${SYSTEMD}',interface='${MANAGER}',member='JobRemoved'`;
    await this.#ask({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'AddMatch',
      signature: 's',
      body: [rule],
    });
    await this.call('Subscribe');
  }

  call(member: string, signature = '', body: unknown[] = []): Promise<readonly unknown[]> {
    return this.#ask({
      destination: SYSTEMD,
      path: MANAGER_PATH,
      interface: MANAGER,
      member,
      signature,
      body,
    });
  }

  async property(path: string, name: string): Promise<unknown> {
    const [variant] = await this.#ask({
      destination: SYSTEMD,
      path,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      signature: 'ss',
      body: [`${SYSTEMD}.Unit`, name],
    });
    return (variant as { readonly value?: unknown } | undefined)?.value;
  }

  /** Has systemd do it, and waits for the end of the job. */
  async job(method: string, unit: string): Promise<string> {
    const [path] = await this.call(method, 'ss', [unit, 'replace']);
    const job = String(path);
    const early = this.#results.get(job);
    // Jobs of others end too, and their results are of no use to anybody here.
    this.#results.clear();
    if (early !== undefined) return early;
    const result = await new Promise<string>(resolve => this.#waiting.set(job, resolve));
    this.#waiting.delete(job);
    return result;
  }

  async #ask(of: Call): Promise<readonly unknown[]> {
    const reply = await this.#bus.call(this.#newMessage(of));
    return reply?.body ?? [];
  }
}

interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: unknown[];
}

/** The connection to systemd, made when it is first needed: many clusters never ask systemd for anything. */
export class SystemdLink {
  /** Where units are given what holds while the cluster runs them. */
  readonly overrides: string;
  #bus: MessageBus | undefined;
  #connected: Promise<Systemd> | undefined;

  constructor(overrides = '/run/systemd/system') {
    this.overrides = overrides;
  }

  connect(): Promise<Systemd> {
    this.#connected ??= this.#open().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }

  close(): void {
    this.#bus?.disconnect();
    this.#connected = undefined;
  }

  async #open(): Promise<Systemd> {
    const { Message, systemBus } = await import('@jellybrick/dbus-next');
    const bus = systemBus();
    this.#bus = bus;
    const lost = new Promise<never>((_, reject) => {
      // The library emits it, though its types do not say so.
      const errors: NodeJS.EventEmitter = bus;
      errors.on('error', (error: unknown) => {
        this.#connected = undefined;
        reject(error instanceof Error ? error : new Error(`no connection to systemd: ${String(error)}`));
      });
    });
    const systemd = new Systemd(bus, of => new Message(of));
    await Promise.race([systemd.subscribe(), lost]);
    // After this its loss is noticed by the next action, which connects anew.
    lost.catch(() => undefined);
    return systemd;
  }
}
