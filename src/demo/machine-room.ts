/**
 * The demo's machines and the wire between them, with a control socket by which fence agents and people reach
 * what would be power switches and cables. One request a line: `power NODE on|off|reboot|status`,
 * `partition A B,C`, `heal`, `machines`. One answer a line: `ok`, optionally with words after it, or `error WORDS`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LineChannel } from '../host/ipc/line-channel.ts';
import { clearSocket, socketPath } from '../host/ipc/socket-path.ts';
import { busSocket, controlSocket, type Layout, nodeFolder } from './layout.ts';
import { Machine, TOO_SOON } from './machine.ts';

/** How long a machine takes from being switched on until its daemons start, as long as a fence agent may wait. */
const BOOT = 500;
const SOCKET_POLL = 20;
const SOCKET_PATIENCE = 10_000;

export class MachineRoom {
  readonly #layout: Layout;
  readonly #programs: string;
  readonly #machines: readonly Machine[];
  readonly #control: Server;
  #hub: ChildProcess | undefined;
  #open = false;

  constructor(layout: Layout, programs: string) {
    this.#layout = layout;
    this.#programs = programs;
    this.#machines = layout.nodes.map(
      name => new Machine({ name, folder: nodeFolder(layout, name), programs }),
    );
    this.#control = createServer(socket => {
      const channel = new LineChannel(socket, {
        line: line => void this.#obey(line).then(answer => channel.send(answer)),
        closed: () => undefined,
      });
    });
  }

  /** Opens the sockets, then switches all machines on. */
  async open(): Promise<void> {
    this.#open = true;
    this.#startHub();
    await this.#hubListens();
    clearSocket(controlSocket(this.#layout));
    this.#control.listen(socketPath(controlSocket(this.#layout)));
    await once(this.#control, 'listening');
    for (const machine of this.#machines) machine.switchOn();
  }

  /** Switches everything off; nothing of it runs or listens afterwards. */
  async close(): Promise<void> {
    this.#open = false;
    this.#control.close();
    for (const machine of this.#machines) machine.switchOff();
    const hub = this.#hub;
    if (hub !== undefined && hub.exitCode === null && hub.signalCode === null) {
      hub.kill();
      await once(hub, 'exit');
    }
    for (const socket of [busSocket(this.#layout), controlSocket(this.#layout)]) clearSocket(socket);
    for (const name of this.#layout.nodes) {
      for (const socket of ['pacemakerd.socket', 'pacemaker-execd.socket']) {
        clearSocket(join(nodeFolder(this.#layout, name), socket));
      }
    }
  }

  /** As an init system does, it starts the hub again when that ends. */
  #startHub(): void {
    const { folder } = this.#layout;
    clearSocket(busSocket(this.#layout));
    mkdirSync(folder, { recursive: true });
    const complaints = openSync(join(folder, 'pacemaker-bus.stderr'), 'a');
    const startedAt = performance.now();
    const hub = spawn(join(this.#programs, 'pacemaker-bus'), [folder], {
      detached: true,
      stdio: ['ignore', 'ignore', complaints],
    });
    closeSync(complaints);
    this.#hub = hub;
    hub.once('exit', () => {
      const soon = performance.now() - startedAt < TOO_SOON;
      setTimeout(
        () => {
          if (this.#open) this.#startHub();
        },
        soon ? TOO_SOON : 0,
      ).unref();
    });
  }

  async #hubListens(): Promise<void> {
    for (let waited = 0; !existsSync(busSocket(this.#layout)); waited += SOCKET_POLL) {
      if (waited > SOCKET_PATIENCE || this.#hub?.exitCode !== null) throw new Error('the bus did not start');
      await wait(SOCKET_POLL);
    }
  }

  async #obey(line: string): Promise<string> {
    const [command, ...words] = line.trim().split(/\s+/);
    switch (command) {
      case 'power':
        return this.#power(words[0] ?? '', words[1] ?? '');
      case 'partition':
        return this.#partition(words.map(group => group.split(',')));
      case 'heal':
        return this.#partition([]);
      case 'machines':
        return `ok ${this.#machines.map(({ name, power }) => `${name}=${power}`).join(' ')}`;
      default:
        return `error unknown command ${command}`;
    }
  }

  async #power(name: string, action: string): Promise<string> {
    const machine = this.#machines.find(one => one.name === name);
    if (machine === undefined) return `error no machine ${name}`;
    switch (action) {
      case 'on':
        machine.switchOn();
        return 'ok on';
      case 'off':
        return machine.switchOff() ? 'ok off' : `error processes of ${name} are left`;
      case 'reboot':
        if (!machine.switchOff()) return `error processes of ${name} are left`;
        setTimeout(() => machine.switchOn(), BOOT);
        return 'ok on';
      case 'status':
        return `ok ${machine.power}`;
      default:
        return `error unknown action ${action}`;
    }
  }

  #partition(groups: readonly (readonly string[])[]): Promise<string> {
    return new Promise(resolve => {
      const channel = new LineChannel(connect(socketPath(busSocket(this.#layout))), {
        line: () => {
          channel.end();
          resolve('ok');
        },
        closed: reason => resolve(`error ${reason ?? 'the bus is gone'}`),
      });
      channel.send(`join ${JSON.stringify({ node: { id: '0', name: 'control' }, role: 'control' })}`);
      channel.send(`partition ${JSON.stringify(groups)}`);
    });
  }
}
