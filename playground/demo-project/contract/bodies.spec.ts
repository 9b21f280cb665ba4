/** Request bodies on a port: a body that never arrives blocks nobody, and the rest of an oversized body isn't read. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from './start-server.ts';

let server: Server;

beforeAll(async () => {
  const cwd = join(import.meta.dirname, '../../..');
  server = await startServer('node', ['playground/demo-project/node/cli.ts', '--port', '0'], { cwd });
});

afterAll(async () => {
  await server.stop();
});

test('a body that never arrives holds up no other request', async () => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await new Promise((resolve) =>
    socket.write('POST /auth/v1/recover HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"em', resolve),
  );
  for (const path of ['/keys', '/auth/v1/health', '/auth/v1/settings'])
    expect((await fetch(`${server.url}${path}`, { signal: AbortSignal.timeout(5000) })).status).toBe(200);
  const body = '{"email":"nobody@example.com"}';
  const signal = AbortSignal.timeout(5000);
  expect((await fetch(`${server.url}/auth/v1/recover`, { method: 'POST', body, signal })).status).toBe(200);
  socket.destroy();
});

test('a body of 200 MB is refused before it is sent', async () => {
  const chunk = Buffer.alloc(65_536, 'a');
  let sent = 0;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-length': 200 * 2 ** 20, 'content-type': 'application/json' };
    const call = request(`${server.url}/auth/v1/recover`, { method: 'POST', headers }, (answer) => {
      resolve(answer.statusCode);
      call.destroy();
    });
    call.on('error', reject);
    const send = () => {
      if (call.destroyed || sent >= 200 * 2 ** 20) return;
      sent += chunk.length;
      call.write(chunk, send);
    };
    send();
  });
  expect(status).toBe(413);
  expect(sent).toBeLessThan(20 * 2 ** 20);
});
