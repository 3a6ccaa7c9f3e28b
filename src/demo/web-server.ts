/**
 * The demo's web server: `web-server ROOT ADDRESS PORT PIDFILE NODE` serves files until it is ended, and
 * `web-server --check ADDRESS PORT` asks one whether it answers.
 */
import { createReadStream, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const PATIENCE = 5000;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

const words = process.argv.slice(2);
if (words[0] === '--check') check(words[1] ?? '', Number(words[2]));
else serve(words);

function serve([root = '.', address = '127.0.0.1', port = '8080', pidFile = '', node = '']: string[]): void {
  const server = createServer((request, response) => answer(request, response, { root, node }));
  server.on('error', error => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  server.listen(Number(port), address, () => writeFileSync(pidFile, `${process.pid}\n`));
  process.on('SIGTERM', () => {
    rmSync(pidFile, { force: true });
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}

function answer(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
  { root, node }: { readonly root: string; readonly node: string },
): void {
  const path = new URL(url, 'http://localhost').pathname;
  response.setHeader('x-served-by', node);
  if (path === '/node') {
    response.setHeader('content-type', TYPES['.txt'] ?? '');
    response.end(`${node}\n`);
    return;
  }
  // `normalize` of an absolute path cannot lead above it.
  const file = join(root, normalize(decoded(path)), path.endsWith('/') ? 'index.html' : '');
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  if (isFile) {
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    const content = createReadStream(file);
    content.on('error', () => response.destroy());
    content.pipe(response);
    return;
  }
  response.statusCode = path === '/' ? 200 : 404;
  response.setHeader('content-type', TYPES['.txt'] ?? '');
  response.end(path === '/' ? `This is ${node}.\n` : 'There is no such page.\n');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function check(host: string, port: number): void {
  const request = get({ host, port, path: '/node', timeout: PATIENCE }, response => {
    response.resume();
    response.on('end', () => process.exit(response.statusCode === 200 ? 0 : 1));
  });
  request.on('timeout', () => request.destroy(new Error('no answer in time')));
  request.on('error', error => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}
