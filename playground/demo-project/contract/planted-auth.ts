#!/usr/bin/env node
/**
 * A Supabase Auth with three planted differences, to check that a report names these and no others:
 * `PLANTED_AUTH_BIN=$AUTH_BIN AUTH_BIN=…/planted-auth.ts npm run drift -- --all`. It runs the binary that
 * PLANTED_AUTH_BIN names, and acts as a proxy while that serves.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Planted } from './planted.ts';

const port = Number(process.env['GOTRUE_API_PORT']);
const behind = port + 1;
const args = process.argv.slice(2);
const child = spawn(process.env['PLANTED_AUTH_BIN'] ?? '', args, {
  stdio: 'inherit',
  env: { ...process.env, GOTRUE_API_PORT: String(behind), PORT: String(behind) },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));

if (args[0] === 'serve') {
  const planted = new Planted('', (request) => fetch(request));
  createServer(async (incoming, outgoing) => {
    const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    );
    const body = /GET|HEAD/.test(incoming.method ?? '') ? null : await buffer(incoming);
    const request = new Request(`http://127.0.0.1:${behind}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: headers.filter(([name]) => !/^(host|connection|content-length|transfer-encoding|expect)$/.test(name)),
      body,
      redirect: 'manual',
    });
    try {
      const answer = await planted.fetch(request);
      const body = Buffer.from(await answer.arrayBuffer());
      const kept = [...answer.headers].filter(
        ([name]) => !/^(connection|content-length|content-encoding|transfer-encoding)$/.test(name),
      );
      outgoing.writeHead(answer.status, kept.flat()).end(body);
    } catch (error) {
      outgoing.writeHead(502).end(String(error));
    }
  }).listen(port, '127.0.0.1');
}
