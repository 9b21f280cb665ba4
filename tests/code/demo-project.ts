/** A demo project of a test's own, on a port of its own: for code that needs settings, the service key, or time to pass. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { createDemoProject, type PartialConfig } from '../../playground/demo-project/src/index.ts';

export interface DemoProject extends AsyncDisposable {
  url: string;
  /** The base of a Mailpit API. */
  inbox: string;
  keys: { anon: string; service: string };
  /** A new client, which keeps its session to itself, as a browser does. */
  client(key?: string): SupabaseClient;
  /** Lets so many milliseconds pass. */
  pass(milliseconds: number): void;
}

/** Starts one with these settings. It ends with the block that it is used in. */
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
