/** A demo project of a test's own, on a port of its own, with the accounts that every demo project starts with. */
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import { createDemoProject } from '../../playground/demo-project/src/app.ts';
import type { PartialConfig } from '../../playground/demo-project/src/config.ts';
import { demoAccounts } from '../../playground/demo-project/src/seed.ts';

export interface DemoProject extends AsyncDisposable {
  url: string;
  keys: { anon: string; service: string };
  /** A client with storage of its own, as a browser or a server has. */
  client(key?: string): SupabaseClient;
  /** The newest mail to this address. */
  mailTo(email: string): Promise<{ Subject: string; HTML: string }>;
  /** Lets this many milliseconds pass. */
  pass(milliseconds: number): void;
}

/** Starts one with these settings. It ends with the block that it is used in. */
export async function startDemoProject(config: PartialConfig = {}): Promise<DemoProject> {
  let passed = 0;
  const server = serve({ fetch: (request) => project.fetch(request), port: 0, hostname: '127.0.0.1' });
  await new Promise((listening) => server.once('listening', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const project = createDemoProject({ url, config, seed: demoAccounts, clock: () => Date.now() + passed });
  const read = async <Body>(path: string) => (await (await fetch(url + path)).json()) as Body;
  const keys = await read<DemoProject['keys']>('/keys');
  return {
    url,
    keys,
    client: (key = keys.anon) => createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } }),
    mailTo: async (email) => {
      const { messages } = await read<{ messages: { ID: string }[] }>(`/inbox/api/v1/search?query=to:${email}`);
      return read(`/inbox/api/v1/message/${messages[0]?.ID}`);
    },
    pass: (milliseconds) => {
      passed += milliseconds;
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What the authenticator of an account shows now. Throws if the account has none. */
export function codeOf(email: string): string {
  const secret = demoAccounts.find((account) => account.email === email)?.factors[0]?.secret;
  if (!secret) throw new Error(`${email} has no authenticator`);
  return new TOTP({ secret }).generate();
}

/** What an answer of supabase-js holds. Throws its error if it has one. */
export function data<Answer extends { data: unknown; error: unknown }>(
  answer: Answer,
): Extract<Answer, { error: null }>['data'] {
  if (answer.error) throw answer.error;
  return answer.data as Extract<Answer, { error: null }>['data'];
}
