/** The demo project on a port, for a browser, for another process, or for tests in another language. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createDemoProject, type DemoProject, type DemoProjectOptions } from '../src/index.ts';

export { type ConfigFile, ConfigFileError, readConfigFile } from './config-file.ts';

export interface StartOptions extends DemoProjectOptions {
  /** Default: any that is free. */
  port?: number;
  /** The address to listen on. Default: `127.0.0.1`, which only this machine reaches. */
  host?: string;
  /** Lets anybody who reaches the port reset the project and move its clock: `POST /demo-project/reset` and `/demo-project/advance?by=1h`. */
  control?: boolean;
}

export interface RunningDemoProject extends DemoProject, AsyncDisposable {
  /** Stops listening, and ends the connections that are open. */
  close(): Promise<void>;
}

/**
 * Starts a demo project that listens on a port. Its `url` is where it listens, unless `url` is given.
 * Rejects with Node's error if it can't listen there (`EADDRINUSE`: the port is taken), and with what `createDemoProject` throws.
 */
export async function startDemoProject(options: StartOptions = {}): Promise<RunningDemoProject> {
  const { port = 0, host = '127.0.0.1', control = false, ...rest } = options;
  // A body that doesn't arrive is given up.
  const server = createServer({ requestTimeout: 30_000, connectionsCheckingInterval: 5000 });
  await once(server.listen(port, host), 'listening');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  try {
    const project = createDemoProject({ url: urlOf(server.address() as AddressInfo), ...rest });
    const answer = control ? (request: Request) => project.fetch(request) : withoutControl(project);
    server.on('request', getRequestListener(answer, { overrideGlobalObjects: false }));
    return Object.assign(project, { close, [Symbol.asyncDispose]: close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where this machine reaches what listens on an address. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function withoutControl({ fetch }: DemoProject): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!new URL(request.url).pathname.startsWith('/demo-project/')) return fetch(request);
    const message =
      'Resetting and moving the clock over HTTP is off. Start the demo project with --control to allow it.';
    return Response.json({ message }, { status: 403 });
  };
}
