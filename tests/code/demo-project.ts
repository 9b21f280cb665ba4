/** A demo project for one test, on its own port, for code that needs settings, the service key, or time to pass. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { createDemoProject, type PartialConfig } from '../../playground/demo-project/src/index.ts';

export interface DemoProject extends AsyncDisposable {
  url: string;
  /** The base URL of a Mailpit API. */
  inbox: string;
  keys: { anon: string; service: string };
  /** Returns a new client that keeps its session to itself, as a browser does. */
  client(key?: string): SupabaseClient;
  /** Moves the clock forward by this many milliseconds. */
  pass(milliseconds: number): void;
}

/** Starts a demo project with these settings. It stops at the end of the block that uses it. */
export async function startDemoProject(config: PartialConfig = {}): Promise<DemoProject> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const project = createDemoProject({ url, config });
  server.on(
    'request',
    getRequestListener((request) => project.fetch(request), { overrideGlobalObjects: false }),
  );
  const { keys } = project;
  return {
    url,
    inbox: `${url}/inbox`,
    keys,
    client: (key = keys.anon) => createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } }),
    pass: (milliseconds) => project.advance(milliseconds),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
