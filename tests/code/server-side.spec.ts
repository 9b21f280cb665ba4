/** The handlers of the page "On the server" on a port, called by fetch() with a cookie jar and by a browser. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { expect } from '@playwright/test';
import type { SupabaseClient } from '@supabase/supabase-js';
import {
  askForLink,
  clientFor,
  enterCode,
  findStep,
  savePassword,
  sendText,
  signOut,
  startReset,
} from '../../playground/examples/ssr/src/reset.ts';
import { test as base, tokenHash } from './project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const posts: { [path: string]: (request: Request) => Promise<Response> } = {
  '/forgot-password': askForLink,
  '/reset-password': startReset,
  '/enter-code/text': sendText,
  '/enter-code': enterCode,
  '/new-password': savePassword,
  '/sign-out': signOut,
};

/** Returns the form with which a page sends a token_hash to `action`. */
const button = (action: string, token_hash: string) =>
  `<form method="post" action="${action}"><input type="hidden" name="token_hash" value="${token_hash}"><button>Go on</button></form>`;

/** The app: the handlers, the page with the button, and the result of `findStep()` at /step. */
async function app(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === 'POST') return (await posts[pathname]?.(request)) ?? new Response(null, { status: 404 });
  if (pathname === '/reset-password') {
    const page = button('/reset-password', searchParams.get('token_hash') ?? '');
    return new Response(page, { headers: { 'content-type': 'text/html', 'referrer-policy': 'same-origin' } });
  }
  const headers = new Headers();
  const found = await findStep(clientFor(request, headers));
  return Response.json(pathname === '/step' ? found : pathname, { headers });
}

/** A browser's cookies, without the browser. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly #app: string;

  constructor(app: string) {
    this.#app = app;
  }

  /**
   * Posts a form with these fields. Returns where it redirects to. If `keep` is false, the
   * answer's cookies get lost on the way.
   */
  async post(path: string, fields: { [name: string]: string }, { keep = true } = {}): Promise<string | null> {
    const answer = await this.send(path, fields, { 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    if (keep) this.#keep(answer.headers);
    return answer.headers.get('location');
  }

  /** Sends a form with these headers. Keeps none of the cookies that it sets. */
  send(path: string, fields: { [name: string]: string }, headers: { [name: string]: string }): Promise<Response> {
    const body = new URLSearchParams(fields);
    return fetch(new URL(path, this.#app), {
      method: 'POST',
      headers: { ...headers, cookie: this.#header() },
      body,
      redirect: 'manual',
    });
  }

  /** Returns what `findStep()` gives the pages. */
  async step(): Promise<Awaited<ReturnType<typeof findStep>>> {
    const answer = await fetch(new URL('/step', this.#app), { headers: { cookie: this.#header() } });
    this.#keep(answer.headers);
    return (await answer.json()) as Awaited<ReturnType<typeof findStep>>;
  }

  #header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(answer: Headers): void {
    for (const cookie of answer.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
  }
}

interface App {
  url: string;
  /** Returns a new browser that sees the app. */
  browser: () => Browser;
  /** What happens to the next calls to Auth, one each: the IP address that they seem to come from, or an answer of Auth. */
  next: (string | Response)[];
}

const test = base.extend<{ app: App }>({
  app: async ({ project }, use) => {
    Object.assign(process.env, { SUPABASE_URL: project.url, SUPABASE_PUBLISHABLE_KEY: project.key });
    const next: App['next'] = [];
    const { fetch } = globalThis;
    globalThis.fetch = async (input, init) => {
      const change = String(input).startsWith(`${project.url}/auth/`) && next.shift();
      if (change instanceof Response) return change;
      if (!change) return fetch(input, init);
      const headers = new Headers(init?.headers);
      headers.set('x-forwarded-for', change);
      return fetch(input, { ...init, headers });
    };
    const server = createServer(getRequestListener(app, { overrideGlobalObjects: false }));
    await once(server.listen(0), 'listening');
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    await use({ url, browser: () => new Browser(url), next });
    server.closeAllConnections();
    server.close();
    globalThis.fetch = fetch;
  },
});

const password = 'the new password';

/** A user with an authenticator, and the hash in the link of their newest email. */
async function userWithHash({
  project,
  newClient,
}: {
  project: Parameters<typeof tokenHash>[0];
  newClient: () => SupabaseClient;
}) {
  const user = await userWithMfa(newClient());
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));
  return { ...user, token_hash: await tokenHash(project, user.email) };
}

test('email, button, code, password: each step redirects to the next', async ({ app, project, newClient }) => {
  const user = await userWithMfa(newClient());
  const browser = app.browser();
  expect(await browser.post('/forgot-password', { email: user.email })).toBe('/forgot-password?sent');
  const token_hash = await tokenHash(project, user.email);
  expect((await browser.step()).step).toBe('/forgot-password?problem=session');

  expect(await browser.post('/reset-password', { token_hash })).toBe('/enter-code');
  const { step, email, factors } = await browser.step();
  expect({ step, email, factors: factors.map(({ id }) => id) }).toEqual({
    step: '/enter-code',
    email: user.email,
    factors: [user.factorId],
  });
  expect(await browser.post('/new-password', { password }), 'too early').toBe('/enter-code');

  const factor = user.factorId;
  expect(await browser.post('/enter-code', { factor, code: ' ' })).toBe('/enter-code?problem=code');
  expect(await browser.post('/enter-code', { factor, code: '12345x' })).toBe('/enter-code?problem=code');
  const code = user.code();
  const withSpaces = `${code.slice(0, 3)} ${code.slice(3)} `;
  expect(await browser.post('/enter-code', { factor, code: withSpaces })).toBe('/new-password');
  expect((await browser.step()).step).toBe('/new-password');
  expect(await browser.post('/new-password', { password: user.password })).toBe('/new-password?problem=same-password');
  expect(await browser.post('/new-password', { password: 'short' })).toBe('/new-password?problem=weak-password');
  expect(await browser.post('/new-password', { password })).toBe('/password-changed');
  expect((await newClient().auth.signInWithPassword({ email: user.email, password })).error).toBeNull();

  expect(await app.browser().post('/reset-password', { token_hash })).toBe('/forgot-password?problem=link');
});

test('after the reset the user can sign out here: the cookies go, and other sessions stay', async ({
  app,
  project,
  newClient,
}) => {
  const { email, factorId, code, token_hash } = await userWithHash({ project, newClient });
  const browser = app.browser();
  await browser.post('/reset-password', { token_hash });
  await browser.post('/enter-code', { factor: factorId, code: code() });
  expect(await browser.post('/new-password', { password })).toBe('/password-changed');
  const elsewhere = newClient();
  dataOf(await elsewhere.auth.signInWithPassword({ email, password }));
  expect(browser.cookies.size).toBeGreaterThan(0);
  expect(await browser.post('/sign-out', {})).toBe('/signed-out');
  expect([...browser.cookies]).toEqual([]);
  expect((await elsewhere.auth.getUser()).error).toBeNull();
});

test('a user without a second factor is asked for no code', async ({ app, project, newClient }) => {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  dataOf(await newClient().auth.signUp(user));
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));
  const browser = app.browser();
  const token_hash = await tokenHash(project, user.email);
  expect(await browser.post('/reset-password', { token_hash })).toBe('/new-password');
  expect(await browser.post('/new-password', { password })).toBe('/password-changed');
});

test('an unverified factor is not asked for', async ({ app, project, newClient }) => {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  const client = newClient();
  dataOf(await client.auth.signUp(user));
  dataOf(await client.auth.mfa.enroll({ factorType: 'totp' }));
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));
  const browser = app.browser();
  expect(await browser.post('/reset-password', { token_hash: await tokenHash(project, user.email) })).toBe(
    '/new-password',
  );
  expect((await browser.step()).factors).toEqual([]);
});

test('a step-up whose cookies got lost is asked for again, although Auth would save the password', async ({
  app,
  project,
  newClient,
}) => {
  const user = await userWithHash({ project, newClient });
  const browser = app.browser();
  await browser.post('/reset-password', { token_hash: user.token_hash });
  const fields = { factor: user.factorId, code: user.code() };
  expect(await browser.post('/enter-code', fields, { keep: false })).toBe('/new-password');
  expect((await browser.step()).step).toBe('/enter-code');
  expect(await browser.post('/new-password', { password })).toBe('/password-changed');
});

test.describe('a form of another site', () => {
  const refused = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    {},
  ] as { [name: string]: string }[];

  test('starts nothing, whatever it posts to', async ({ app, project, newClient }) => {
    const { token_hash } = await userWithHash({ project, newClient });
    const browser = app.browser();
    for (const path of Object.keys(posts)) {
      for (const headers of refused) {
        const answer = await browser.send(path, { token_hash }, headers);
        const seen = { status: answer.status, cookies: answer.headers.getSetCookie() };
        expect(seen, `${path} ${JSON.stringify(headers)}`).toEqual({ status: 403, cookies: [] });
      }
    }
    const own = await browser.send('/reset-password', { token_hash }, { origin: app.url });
    expect(own.headers.get('location'), 'from the own origin, in a browser without Sec-Fetch-Site').toBe('/enter-code');
  });

  test("signs nobody in, in a browser, but the app's own button does", async ({
    app,
    project,
    newClient,
    page,
    context,
  }) => {
    const { token_hash } = await userWithHash({ project, newClient });
    const foreign = app.url.replace('localhost', '127.0.0.1');
    await page.route(`${foreign}/lure`, (route) =>
      route.fulfill({ contentType: 'text/html', body: button(`${app.url}/reset-password`, token_hash) }),
    );
    await page.goto(`${foreign}/lure`);
    await page.getByRole('button').click();
    await expect(page.locator('body')).toHaveText('This form belongs to another site.');
    expect(await context.cookies()).toEqual([]);

    await page.goto(`${app.url}/reset-password?token_hash=${token_hash}`);
    await page.getByRole('button').click();
    await expect(page).toHaveURL(`${app.url}/enter-code`);
    expect(await page.evaluate(() => document.cookie), 'no script sees the session').toBe('');
    await page.goto(`${app.url}/step`);
    await expect(page.locator('body')).toContainText('"step":"/enter-code"');
  });
});

test.describe('a session that is gone', () => {
  const forms = (factor: string): [string, { [name: string]: string }][] => [
    ['/enter-code', { factor, code: '123456' }],
    ['/enter-code', { factor, code: '123456', challenge: crypto.randomUUID() }],
    ['/enter-code/text', { factor }],
    ['/new-password', { password }],
  ];

  test('without cookies: every form leads to a new link', async ({ app }) => {
    for (const [path, fields] of forms(crypto.randomUUID())) {
      expect(await app.browser().post(path, fields), path).toBe('/forgot-password?problem=session');
    }
  });

  test('ended elsewhere: every form leads to a new link', async ({ app, project, newClient }) => {
    const user = await userWithHash({ project, newClient });
    const browser = app.browser();
    await browser.post('/reset-password', { token_hash: user.token_hash });
    const other = newClient();
    dataOf(await other.auth.signInWithPassword(user));
    expect((await other.auth.signOut({ scope: 'others' })).error).toBeNull();

    for (const [path, fields] of forms(user.factorId)) {
      expect(await browser.post(path, fields, { keep: false }), path).toBe('/forgot-password?problem=session');
    }
    expect((await browser.step()).step).toBe('/forgot-password?problem=session');
  });

  test('ended by the MFA verification hook, it leads to a new link and says why', async ({
    app,
    project,
    newClient,
  }) => {
    const { token_hash, factorId } = await userWithHash({ project, newClient });
    const browser = app.browser();
    await browser.post('/reset-password', { token_hash });
    const challenge = crypto.randomUUID();
    app.next.push(refusal(403, 'mfa_verification_rejected'));
    const leads = await browser.post('/enter-code', { factor: factorId, code: '123456', challenge });
    expect(leads).toBe('/forgot-password?problem=locked');
  });
});

/** Returns an error as Auth words it. */
function refusal(status: number, code: string): Response {
  return Response.json(
    { code, message: 'words of Auth' },
    { status, headers: { 'x-supabase-api-version': '2024-01-01' } },
  );
}

test.describe('challenge and verify from two addresses', () => {
  const [here, there] = ['192.0.2.1', '192.0.2.2'];

  test('the first failure is tried again, the second is shown', async ({ app, project, newClient }) => {
    const user = await userWithHash({ project, newClient });
    const browser = app.browser();
    await browser.post('/reset-password', { token_hash: user.token_hash });
    const fields = () => ({ factor: user.factorId, code: user.code() });

    app.next.push(here, there, here, there);
    expect(await browser.post('/enter-code', fields())).toBe('/enter-code?problem=challenge');
    app.next.push(here, there, here, here);
    expect(await browser.post('/enter-code', fields())).toBe('/new-password');
    expect(app.next).toEqual([]);
  });

  test('a wrong code is not tried again', async ({ app, project, newClient }) => {
    const user = await userWithHash({ project, newClient });
    const browser = app.browser();
    await browser.post('/reset-password', { token_hash: user.token_hash });
    app.next.push(here, here, there);
    expect(await browser.post('/enter-code', { factor: user.factorId, code: '12345x' })).toBe(
      '/enter-code?problem=code',
    );
    expect(app.next, 'no third call').toEqual([there]);
  });
});

test("an unknown error is shown without Auth's own words", async ({ app, project, newClient }) => {
  const { token_hash } = await userWithHash({ project, newClient });
  const browser = app.browser();
  await browser.post('/reset-password', { token_hash });
  const fields = { factor: crypto.randomUUID(), code: '123456' };
  expect(await browser.post('/enter-code', fields)).toBe('/enter-code?problem=other');
  app.next.push(new Response('<h1>Bad gateway</h1>', { status: 500 }));
  expect(await browser.post('/new-password', { password })).toBe('/new-password?problem=other');
});

test('a phone factor: a text is sent, its code is verified with its challenge', async ({ app, project, newClient }) => {
  const user = { email: `${crypto.randomUUID()}@example.com`, password: 'the old password' };
  const client = newClient();
  dataOf(await client.auth.signUp(user));
  const phone = `1555${randomInt(1e9).toString().padStart(9, '0')}`;
  const newestText = async () => {
    const texts = (await (await fetch(`${project.url}/sms`)).json()) as { sms: { otp: string; phone: string } }[];
    return texts.findLast(({ sms }) => sms.phone === phone)?.sms.otp ?? '';
  };
  const { id: factor } = dataOf(await client.auth.mfa.enroll({ factorType: 'phone', phone: `+${phone}` }));
  const { id: challengeId } = dataOf(await client.auth.mfa.challenge({ factorId: factor, channel: 'sms' }));
  dataOf(await client.auth.mfa.verify({ factorId: factor, challengeId, code: await newestText() }));
  dataOf(await newClient().auth.resetPasswordForEmail(user.email));

  const browser = app.browser();
  const token_hash = await tokenHash(project, user.email);
  expect(await browser.post('/reset-password', { token_hash })).toBe('/enter-code');
  expect((await browser.step()).factors.map(({ id, factor_type }) => [id, factor_type])).toEqual([[factor, 'phone']]);

  let place = '';
  const send = async () => {
    place = (await browser.post('/enter-code/text', { factor })) ?? '';
    return place;
  };
  await expect.poll(send, 'Auth wants a second between two texts').toContain('challenge=');
  const challenge = new URL(place, app.url).searchParams.get('challenge') ?? '';
  expect(place).toBe(`/enter-code?factor=${factor}&challenge=${challenge}`);
  expect(await browser.post('/enter-code/text', { factor }), 'at once').toBe(
    `/enter-code?factor=${factor}&problem=too-often`,
  );
  const code = await newestText();
  expect(await browser.post('/enter-code', { factor, challenge, code: '12345x' })).toBe(`${place}&problem=code`);
  const withSpace = `${code.slice(0, 3)} ${code.slice(3)}`;
  expect(await browser.post('/enter-code', { factor, challenge, code: withSpace })).toBe('/new-password');
  expect(await browser.post('/new-password', { password })).toBe('/password-changed');
});

test.describe('asking for the email', () => {
  test('says the same for an account, no account, and an account that asks too soon', async ({ app, newClient }) => {
    const { email } = await userWithMfa(newClient());
    const browser = app.browser();
    for (const address of [email, email, 'nobody@example.com', ''])
      expect(await browser.post('/forgot-password', { email: address })).toBe('/forgot-password?sent');
  });

  for (const [status, code] of [
    [400, 'email_address_not_authorized'],
    [400, 'email_address_invalid'],
    [429, 'over_email_send_rate_limit'],
    [500, 'unexpected_failure'],
    [504, 'request_timeout'],
  ] as const) {
    test(`hides ${code}, which only an account can meet, and logs it`, async ({ app }) => {
      const logged: unknown[] = [];
      const { error } = console;
      console.error = (entry) => void logged.push(entry);
      app.next.push(refusal(status, code));
      const leads = await app.browser().post('/forgot-password', { email: 'ada@example.com' });
      console.error = error;
      expect(leads).toBe('/forgot-password?sent');
      expect(logged).toMatchObject([{ status }]);
    });
  }

  test("shows the limit that's counted by IP address", async ({ app }) => {
    app.next.push(refusal(429, 'over_request_rate_limit'));
    const leads = await app.browser().post('/forgot-password', { email: 'ada@example.com' });
    expect(leads).toBe('/forgot-password?problem=too-often');
  });
});

test('cookies are Secure, except on http://localhost, where some browsers would drop them', async ({
  app,
  project,
  newClient,
}) => {
  const cookiesAt = async (url: string) => {
    const { token_hash } = await userWithHash({ project, newClient });
    const body = new URLSearchParams({ token_hash });
    const request = new Request(url, { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' }, body });
    const [cookie = ''] = (await startReset(request)).headers.getSetCookie().filter((set) => !/=;/.test(set));
    return cookie.split('; ').slice(1).sort();
  };
  const everywhere = ['HttpOnly', 'Max-Age=34560000', 'Path=/', 'SameSite=Lax'];
  expect(await cookiesAt('https://app.example.com/reset-password')).toEqual([...everywhere, 'Secure'].sort());
  expect(await cookiesAt('http://app.example.com/reset-password'), 'behind a proxy that ends TLS').toContain('Secure');
  expect(await cookiesAt(`${app.url}/reset-password`)).toEqual(everywhere);
});
