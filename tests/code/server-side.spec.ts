/** The handlers of the page "On the server", as a browser calls them that keeps cookies and runs no script. */
import { expect } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import { test as base, tokenHash } from './project.ts';
import { clientFor, enterCode, savePassword, startReset, stopBefore } from './server-side.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

/** A browser's cookies. */
class Cookies {
  readonly #values = new Map<string, string>();

  /** What a form with these fields leads to. `keep` is false for an answer whose cookies get lost on the way. */
  async post(
    handler: (request: Request) => Promise<Response>,
    fields: Record<string, string>,
    { keep = true } = {},
  ): Promise<string | null> {
    const request = new Request('https://app.example.com/', {
      method: 'POST',
      headers: this.#headers(),
      body: new URLSearchParams(fields),
    });
    const answer = await handler(request);
    expect(answer.status).toBe(303);
    if (answer.headers.has('set-cookie')) expect(answer.headers.get('cache-control')).toContain('no-store');
    if (keep) this.#keep(answer.headers);
    return answer.headers.get('location');
  }

  /** What the pages find of the session. */
  async read<Result>(look: (supabase: SupabaseClient) => Promise<Result>): Promise<Result> {
    const answer = new Headers();
    const request = new Request('https://app.example.com/', { headers: this.#headers() });
    const result = await look(clientFor(request, answer));
    this.#keep(answer);
    return result;
  }

  #headers(): HeadersInit {
    return { cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  #keep(answer: Headers): void {
    for (const cookie of answer.getSetCookie()) {
      expect(cookie).toContain('HttpOnly');
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) this.#values.set(name, value);
      else this.#values.delete(name);
    }
  }
}

const test = base.extend({
  project: async ({ project }, use) => {
    Object.assign(process.env, { SUPABASE_URL: project.url, SUPABASE_PUBLISHABLE_KEY: project.key });
    await use(project);
  },
});

test('button, code, password: each step redirects to the next', async ({ project, newClient }) => {
  const user = await userWithMfa(newClient());
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));
  const cookies = new Cookies();
  const where = () => cookies.read(stopBefore);
  expect(await where()).toBe('/forgot-password');

  const token_hash = await tokenHash(project, user.email);
  expect(await cookies.post(startReset, { token_hash })).toBe('/new-password');
  expect(await where()).toBe('/enter-code');
  const password = 'the new password';
  expect(await cookies.post(savePassword, { password })).toBe('/enter-code');

  const factor = user.factorId;
  expect(await cookies.post(enterCode, { factor, code: '' })).toBe('/enter-code?error=validation_failed');
  expect(await cookies.post(enterCode, { factor, code: user.code() })).toBe('/new-password');
  expect(await where()).toBeNull();
  expect(await cookies.post(savePassword, { password: user.password })).toBe('/new-password?error=same_password');
  expect(await cookies.post(savePassword, { password })).toBe('/account');
  expect((await newClient().auth.signInWithPassword({ email: user.email, password })).error).toBeNull();

  expect(await new Cookies().post(startReset, { token_hash })).toBe('/forgot-password?again');
});

test('a user without a second factor is asked for none', async ({ project, newClient }) => {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  dataOf(await newClient().auth.signUp(user));
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));
  const cookies = new Cookies();
  await cookies.post(startReset, { token_hash: await tokenHash(project, user.email) });
  expect(await cookies.read(stopBefore)).toBeNull();
  expect(await cookies.post(savePassword, { password: 'the new password' })).toBe('/account');
});

test('a step-up whose cookies get lost is asked for again, though Auth would save the password', async ({
  project,
  newClient,
}) => {
  const user = await userWithMfa(newClient());
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));
  const cookies = new Cookies();
  await cookies.post(startReset, { token_hash: await tokenHash(project, user.email) });
  const fields = { factor: user.factorId, code: user.code() };
  expect(await cookies.post(enterCode, fields, { keep: false })).toBe('/new-password');
  expect(await cookies.read(stopBefore)).toBe('/enter-code');
  expect(await cookies.post(savePassword, { password: 'the new password' })).toBe('/account');
});
