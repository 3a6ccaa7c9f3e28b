import { connect } from 'node:net';
import { LineChannel } from '../host/ipc/line-channel.ts';
import { socketPath } from '../host/ipc/socket-path.ts';

/** Asks the machine room one thing; see `machine-room.ts`. Rejects where no demo runs. */
export function askControl(socket: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const channel = new LineChannel(connect(socketPath(socket)), {
      line: answer => {
        channel.end();
        resolve(answer);
      },
      closed: reason => reject(new Error(`no demo listens at ${socket}: ${reason ?? 'it went away'}`)),
    });
    channel.send(request);
  });
}
