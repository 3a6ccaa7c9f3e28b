/**
 * The fence agent `fence_bus`: parameters come as `name=value` lines on standard input, or as `--action` and
 * `--plug` options. It says to the demo's control socket what to do with a machine, and reports what that says.
 */
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { NODE_FOLDER } from '../core/model/places.ts';
import { LineChannel } from '../host/ipc/line-channel.ts';
import { socketPath } from '../host/ipc/socket-path.ts';

const PATIENCE = 20_000;
const OFF = 2;

const METADATA = `<?xml version="1.0" ?>
<resource-agent name="fence_bus" shortdesc="Fence agent for the machines of the local bus">
<longdesc>Switches machines off and on that are processes on one host, by the socket of whoever runs them.</longdesc>
<parameters>
<parameter name="action" unique="0" required="1">
<getopt mixed="-o, --action=[action]"/><content type="string" default="reboot"/>
<shortdesc lang="en">What to do</shortdesc>
</parameter>
<parameter name="plug" unique="0" required="1" obsoletes="port">
<getopt mixed="-n, --plug=[name]"/><content type="string"/>
<shortdesc lang="en">Name of the machine</shortdesc>
</parameter>
<parameter name="port" unique="0" required="0" deprecated="1">
<getopt mixed="-n, --plug=[name]"/><content type="string"/>
<shortdesc lang="en">Name of the machine</shortdesc>
</parameter>
<parameter name="socket" unique="0" required="0">
<getopt mixed="-s, --socket=[path]"/><content type="string"/>
<shortdesc lang="en">Control socket; by default the one beside the folder of this node</shortdesc>
</parameter>
</parameters>
<actions>
<action name="on" automatic="0"/>
<action name="off"/>
<action name="reboot"/>
<action name="status"/>
<action name="list"/>
<action name="monitor"/>
<action name="metadata"/>
<action name="validate-all"/>
</actions>
</resource-agent>
`;

const parameters = readParameters(process.argv.slice(2));
const action = parameters.get('action') ?? 'reboot';
const plug = parameters.get('plug') ?? parameters.get('port');
const socket =
  parameters.get('socket') ?? resolve(join(process.env[NODE_FOLDER] ?? '.', '..', 'control.socket'));

switch (action) {
  case 'metadata':
  case 'meta-data':
    process.stdout.write(METADATA);
    break;
  case 'validate-all':
    if (!existsSync(socket)) fail(`no control socket ${socket}`);
    break;
  case 'monitor':
  case 'list':
    list();
    break;
  case 'on':
  case 'off':
  case 'reboot':
  case 'status':
    if (plug === undefined) fail('no machine is named');
    else
      ask(`power ${plug} ${action}`, state => process.exit(action === 'status' && state === 'off' ? OFF : 0));
    break;
  default:
    fail(`unknown action ${action}`);
}

function readParameters(words: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const short: Readonly<Record<string, string>> = { '-o': 'action', '-n': 'plug', '-s': 'socket' };
  for (const [at, word] of words.entries()) {
    const [, long, value] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    const name = long ?? short[word];
    if (name !== undefined) found.set(name, value ?? words[at + 1] ?? '');
  }
  if (words.length > 0) return found;
  for (const line of readFileSync(0, 'utf8').split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) found.set(line.slice(0, at).trim(), line.slice(at + 1));
  }
  return found;
}

function list(): void {
  ask('machines', answer => {
    const names = answer.split(' ').map(machine => machine.split('=')[0] ?? '');
    if (action === 'list') process.stdout.write(names.map(name => `${name},\n`).join(''));
    process.exit(0);
  });
}

/** One request, one answer; whatever is not `ok` is this agent's failure. */
function ask(request: string, then: (answer: string) => void): void {
  const timer = setTimeout(() => fail(`no answer to '${request}' in time`), PATIENCE);
  const channel = new LineChannel(connect(socketPath(socket)), {
    line: answer => {
      clearTimeout(timer);
      if (answer !== 'ok' && !answer.startsWith('ok ')) fail(answer.replace(/^error /, ''));
      else then(answer.slice(3));
    },
    closed: reason => fail(`no answer from ${socket}${reason === undefined ? '' : `: ${reason}`}`),
  });
  channel.send(request);
}

function fail(why: string): void {
  process.stderr.write(`fence_bus: ${why}\n`);
  process.exit(1);
}
