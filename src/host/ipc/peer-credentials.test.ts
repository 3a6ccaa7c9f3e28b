import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ExecutorListener } from '../executor/executor-listener.ts';
import { ClientListener } from './client-listener.ts';

/** Knocks and says a name; says in turn what came of it: an answer, or the end of the connection. */
const KNOCK = `
  const socket = require('node:net').connect(process.argv[1]);
  const say = text => { process.stdout.write(text); process.exit(); };
  socket.on('error', ({ code }) => say(code === 'EPIPE' || code === 'ECONNRESET' ? 'refused' : code));
  socket.on('data', () => say('heard'));
  socket.on('close', () => say('refused'));
  socket.write(JSON.stringify({ hello: 'stranger' }) + '\\n' + JSON.stringify({ request: 1, body: {} }) + '\\n');
`;

async function knock(path: string, account?: number): Promise<string> {
  const child = spawn(process.execPath, ['-e', KNOCK, path], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(account === undefined ? {} : { uid: account, gid: account }),
  });
  let said = '';
  child.stdout.on('data', data => {
    said += data;
  });
  await once(child, 'close');
  return said;
}

/** An account that is in no group of the cluster's. */
const NOBODY = 65_534;

const otherAccount =
  process.getuid?.() === 0 ? {} : { skip: 'only root can take the part of another account' };

async function withSocket(body: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'socket-'));
  chmodSync(folder, 0o755);
  try {
    await body(join(folder, 'socket'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the client socket answers its own account', () =>
  withSocket(async path => {
    const listener = new ClientListener(() => undefined);
    await listener.listen(path);
    try {
      assert.equal(await knock(path), 'heard');
    } finally {
      listener.close();
    }
  }));

test('the client socket can be reached by any account, and turns a stranger away', otherAccount, () =>
  withSocket(async path => {
    const events: string[] = [];
    const listener = new ClientListener(event => events.push(event.kind));
    await listener.listen(path);
    try {
      assert.equal(await knock(path, NOBODY), 'refused');
      assert.deepEqual(events, []);
    } finally {
      listener.close();
    }
  }),
);

test('the executor is not within reach of other accounts', otherAccount, () =>
  withSocket(async path => {
    const events: string[] = [];
    const listener = new ExecutorListener(event => events.push(event.kind));
    await listener.listen(path);
    try {
      assert.equal(await knock(path, NOBODY), 'EACCES');
      chmodSync(path, 0o777);
      assert.equal(await knock(path, NOBODY), 'refused');
      assert.deepEqual(events, []);
    } finally {
      listener.close();
    }
  }),
);
