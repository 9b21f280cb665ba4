/**
 * The Supabase project that the code on the guide's pages talks to in the tests: the one that SUPABASE_URL names (with
 * SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY and MAILPIT_URL, by default its /inbox), else a demo project on a port of its own.
 */
import { test as base } from '@playwright/test';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { startDemoProject } from './demo-project.ts';
import { linkIn, newestMail } from './mail.ts';

const {
  SUPABASE_URL: url,
  SUPABASE_PUBLISHABLE_KEY: key = '',
  SUPABASE_SECRET_KEY: secretKey = '',
  MAILPIT_URL: inbox = `${url}/inbox`,
} = process.env;

export interface ProjectAccess {
  url: string;
  /** The base of a Mailpit API. */
  inbox: string;
  key: string;
  /** The one that administrators have. */
  secretKey: string;
}

interface Fixtures {
  /** The recovery mail's template; by default Auth's own. A real project has the one that it has. */
  recoveryMail: string;
  project: ProjectAccess;
  /** A new client, which keeps its session to itself, as a browser does. */
  newClient: () => SupabaseClient;
}

export const test = base.extend<Fixtures>({
  recoveryMail: ['', { option: true }],

  project: async ({ recoveryMail: content }, use) => {
    if (url) return use({ url, key, secretKey, inbox });
    const config = { auth: { email: { max_frequency: '1m', template: { recovery: { content } } } } };
    await using demoProject = await startDemoProject(config);
    const { keys } = demoProject;
    await use({ url: demoProject.url, key: keys.anon, secretKey: keys.service, inbox: demoProject.inbox });
  },

  newClient: async ({ project }, use) => {
    await use(() =>
      createClient(project.url, project.key, { auth: { persistSession: false, autoRefreshToken: false } }),
    );
  },
});

/** The token hash of the newest mail's link, be it in Auth's own template or in one that leads to the app. */
export async function tokenHash({ inbox }: ProjectAccess, email: string): Promise<string> {
  const { searchParams } = new URL(linkIn(await newestMail(inbox, email)));
  return searchParams.get('token_hash') ?? searchParams.get('token') ?? '';
}
