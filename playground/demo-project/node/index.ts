/** Runs the demo project on a port, for browsers, other processes, and tests in other languages. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createDemoProject, type DemoProject, type DemoProjectOptions } from '../src/index.ts';
import { mailboxPage } from './mailbox.ts';

export { type ConfigFile, ConfigFileError, readConfigFile } from './config-file.ts';

export interface StartOptions extends DemoProjectOptions {
  /** Default: a free port. */
  port?: number;
  /** The address to listen on. Default: `127.0.0.1`, which other machines can't reach. */
  host?: string;
  /**
   * Lets anyone who can reach the port reset the project, advance its clock, and change its settings:
   * `POST /demo-project/reset`, `/demo-project/advance?by=1h`, and `/demo-project/settings` with settings in the form of
   * `config`, as JSON.
   */
  control?: boolean;
  /**
   * Where to forward requests to `/rest/v1/`, so that an app can read its tables: the URL of a PostgREST, or `…/rest/v1`
   * of a local Supabase stack. It must accept the project's tokens, so it needs the same `jwt_secret`. Default: requests
   * aren't forwarded.
   */
  rest?: string | undefined;
}

export interface RunningDemoProject extends DemoProject, AsyncDisposable {
  /** Stops listening and closes open connections. */
  close(): Promise<void>;
}

/**
 * Starts a demo project that listens on a port. Its `url` is the address it listens on, unless you set `url`. Rejects
 * with Node's error if it can't listen there (`EADDRINUSE`: the port is in use), or with the error that
 * `createDemoProject` throws.
 */
export async function startDemoProject(options: StartOptions = {}): Promise<RunningDemoProject> {
  const { port = 0, host = '127.0.0.1', control = false, rest, ...ofProject } = options;
  // Give up on a body that doesn't arrive.
  const server = createServer({ requestTimeout: 30_000, connectionsCheckingInterval: 5000 });
  await once(server.listen(port, host), 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  try {
    const project = createDemoProject({ url: urlOf(server.address() as AddressInfo), ...ofProject });
    const answer = (request: Request) => {
      const { pathname } = new URL(request.url);
      if (rest !== undefined && pathname.startsWith('/rest/v1/')) return passOn(request, rest);
      if (pathname === '/inbox') return mailboxPage(project);
      if (!control && pathname.startsWith('/demo-project/')) return controlIsOff();
      return project.fetch(request);
    };
    server.on('request', getRequestListener(answer, { overrideGlobalObjects: false }));
    return Object.assign(project, { close, [Symbol.asyncDispose]: close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns the URL under which this machine reaches the server. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function controlIsOff(): Response {
  const message =
    'Resetting, moving the clock and changing settings over HTTP is off. Start the demo project with --control to allow it.';
  return Response.json({ message }, { status: 403 });
}

/**
 * Forwards a request from `/rest/v1` to `rest`. If nothing responds there, returns 502 with a message that names the
 * URL.
 */
async function passOn(request: Request, rest: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const target = rest.replace(/\/$/, '') + pathname.slice('/rest/v1'.length) + search;
  const headers = new Headers(request.headers);
  for (const name of ['host', 'connection', 'content-length']) headers.delete(name); // they belong to this connection
  const body = /^(GET|HEAD)$/.test(request.method) ? null : await request.arrayBuffer();
  try {
    const answer = await fetch(target, { method: request.method, headers, body, redirect: 'manual' });
    const answered = new Headers(answer.headers);
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) answered.delete(name); // fetch already decoded the body
    return new Response(answer.body, { status: answer.status, headers: answered });
  } catch (error) {
    const { message } = ((error as Error).cause ?? error) as Error;
    return Response.json({ message: `No answer from ${target}, where --rest leads: ${message}.` }, { status: 502 });
  }
}
