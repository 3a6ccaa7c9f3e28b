/**
 * Who is at the other end of a Unix socket, as the kernel says. The runtime has no call for it, so libc is asked;
 * the library for that is loaded with the first connection, which costs a daemon's start nothing.
 */
import type { Socket } from 'node:net';
import type { default as Koffi } from 'koffi';
import { assert } from '../../core/base/assert.ts';
import type { ClientIdentity } from '../../core/messages/client.ts';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const CREDENTIAL_BYTES = 12;
const MOST_GROUPS = 256;

interface Credentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

interface Libc {
  readonly getsockopt: (fd: number, level: number, option: number, value: Buffer, length: number[]) => number;
  readonly userOf: (uid: number) => string | undefined;
  readonly groupsOf: (user: string, gid: number) => readonly string[];
}

let libc: Promise<Libc> | undefined;

async function loadLibc(): Promise<Libc> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load('libc.so.6');
  return {
    getsockopt: library.func('int getsockopt(int, int, int, void *, _Inout_ uint32_t *)'),
    ...accounts(koffi, library),
  };
}

function accounts(
  koffi: typeof Koffi,
  library: ReturnType<typeof Koffi.load>,
): Pick<Libc, 'userOf' | 'groupsOf'> {
  // Both records begin with the name, which is all that is read.
  const record = koffi.struct({ name: 'str' });
  const getpwuid = library.func('getpwuid', koffi.pointer(record), ['uint32_t']);
  const getgrgid = library.func('getgrgid', koffi.pointer(record), ['uint32_t']);
  const getgrouplist = library.func('int getgrouplist(const char *, uint32_t, void *, _Inout_ int *)');
  const nameIn = (pointer: unknown): string | undefined =>
    pointer === null ? undefined : koffi.decode(pointer, record).name;
  return {
    userOf: uid => nameIn(getpwuid(uid)),
    groupsOf: (user, gid) => {
      const ids = Buffer.alloc(MOST_GROUPS * 4);
      const count = [MOST_GROUPS];
      getgrouplist(user, gid, ids, count);
      const found = Array.from({ length: Math.min(count[0] ?? 0, MOST_GROUPS) }, (_, at) =>
        ids.readUInt32LE(at * 4),
      );
      return found.flatMap(id => nameIn(getgrgid(id)) ?? []);
    },
  };
}

/** `daemons`: this account and root alone; `clients`: also whom the cluster's group lets in. */
export type Admitted = 'clients' | 'daemons';

/** The account at the other end, or `undefined` where it may not speak to this process at all. */
export async function authenticate(socket: Socket, admitted: Admitted): Promise<ClientIdentity | undefined> {
  libc ??= loadLibc();
  const { getsockopt, userOf, groupsOf } = await libc;
  if (socket.destroyed) return undefined;
  const { pid, uid, gid } = credentialsOf(socket, getsockopt);
  const user = userOf(uid) ?? String(uid);
  const groups = groupsOf(user, gid);
  const isOwn = uid === 0 || uid === process.getuid?.();
  const isMember = user === 'hacluster' || groups.includes('haclient');
  return isOwn || (admitted === 'clients' && isMember) ? { user, groups, pid } : undefined;
}

function credentialsOf(socket: Socket, getsockopt: Libc['getsockopt']): Credentials {
  const fd = descriptorOf(socket);
  const value = Buffer.alloc(CREDENTIAL_BYTES);
  const length = [CREDENTIAL_BYTES];
  const failed = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, length);
  assert(failed === 0, 'the kernel does not say who is at the other end of a Unix socket');
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) };
}

/** The runtime does not publish the descriptor of a socket; its handle has carried it under this name for years. */
function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } };
  assert(handle?.fd !== undefined && handle.fd >= 0, 'a connected socket has a descriptor');
  return handle.fd;
}
