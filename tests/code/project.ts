/**
 * The Supabase project that the code on the guide's pages talks to in the tests. That's the project at
 * SUPABASE_URL (with SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY, and MAILPIT_URL, by default its
 * /inbox), or else a new demo project.
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
  /** The base URL of a Mailpit API. */
  inbox: string;
  key: string;
  /** The key for administrators. */
  secretKey: string;
}

interface Fixtures {
  /** The template of the recovery email; by default Auth's own. A real project keeps its template. */
  recoveryMail: string;
  project: ProjectAccess;
  /** Returns a new client that keeps its session to itself, as a browser does. */
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

/** Returns the token hash in the newest email's link, from Auth's own template or from a template that links to the app. */
export async function tokenHash({ inbox }: ProjectAccess, email: string): Promise<string> {
  const { searchParams } = new URL(linkIn(await newestMail(inbox, email)));
  return searchParams.get('token_hash') ?? searchParams.get('token') ?? '';
}
