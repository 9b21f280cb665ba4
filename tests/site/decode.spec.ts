/** The Decode page: what it finds in each kind of text, and that the text never leaves the browser. */
import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { AuthApiError, AuthSessionMissingError } from '@supabase/supabase-js';
import { folder, recorded } from '../../playground/demo-project/contract/recordings.ts';
import { knownErrors } from '../../src/book/recorded.ts';
import { decode as decodeWith } from '../../src/decode/decode.ts';
import { examples } from '../../src/decode/examples.ts';
import { violations } from '../support/axe.ts';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';
import { test } from '../support/open-once.ts';

const now = Date.UTC(2026, 10, 24, 12) / 1000;
const decode = (text: string, at: number) => decodeWith(text, at, knownErrors);
const refusal = 'AAL2 session is required to update email or password when MFA is enabled.';

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Returns an access token as a recovery link contains it, with other claims if a test needs them. */
function accessToken(claims: object = {}): string {
  const recovery = {
    iss: 'https://abcdefghijklmnop.supabase.co/auth/v1',
    sub: '2c4e9a3e-6f5b-4b7e-9a55-1f0b8f6f3a11',
    aud: 'authenticated',
    exp: now + 3300,
    iat: now - 300,
    email: 'ada@example.com',
    phone: '',
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: { email: 'ada@example.com', email_verified: true },
    role: 'authenticated',
    aal: 'aal1',
    amr: [{ method: 'otp', timestamp: now - 300 }],
    session_id: '7d9f5d0e-54d1-4d0e-8f43-6ad2d8c0a001',
    is_anonymous: false,
  };
  return `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ ...recovery, ...claims })}.c2lnbmF0dXJl`;
}

/** What the page shows for an access token like the one above. */
const tokenSays = {
  aal: ['aal1: the user had proved one factor in this session'],
  amr: ['otp, 5 minutes ago (2026-11-24 11:55:00 UTC): a link or code from an email: reset, magic link or sign-up'],
  exp: ['expires in 55 minutes (2026-11-24 12:55:00 UTC)'],
  session_id: ['7d9f5d0e-54d1-4d0e-8f43-6ad2d8c0a001: the session, the same after a refresh and after a code'],
  sub: ['2c4e9a3e-6f5b-4b7e-9a55-1f0b8f6f3a11: the user, ada@example.com'],
  iss: ['https://abcdefghijklmnop.supabase.co/auth/v1: the Auth server that issued it'],
  role: ['authenticated: the database role of requests with this token'],
  is_anonymous: ['no'],
  Signature: ['HS256, not verified here. Anyone can write a token that says this'],
};

interface Shown {
  title: string;
  says: Record<string, string[]>;
  why: string;
  todo: string;
  links: string[];
}

async function open(page: Page): Promise<void> {
  await page.clock.setFixedTime(now * 1000);
  await page.goto(guideUrl('decode/'));
  await expect(field(page)).toBeVisible();
}

function field(page: Page) {
  return page.getByLabel('Token, error, log line or link');
}

function summary(page: Page) {
  return page.locator('text-decoder').getByRole('status');
}

async function paste(page: Page, text: string): Promise<Shown[]> {
  await field(page).fill(text);
  return page.locator('text-decoder article').evaluateAll((articles) =>
    articles.map((article) => {
      const says: Record<string, string[]> = {};
      let name = '';
      for (const { localName, textContent } of article.querySelectorAll('dt, dd')) {
        if (localName === 'dt') name = textContent;
        else says[name] = [...(says[name] ?? []), textContent];
      }
      const [why = '', todo = ''] = [...article.querySelectorAll('p')].map(({ textContent }) => textContent);
      return {
        title: article.querySelector('h2')?.textContent ?? '',
        says,
        why: why.replace(/^Why: /, ''),
        todo: todo.replace(/^What to do: /, ''),
        links: [...article.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? ''),
      };
    }),
  );
}

const shownError = {
  title: 'Error: insufficient_aal',
  why: 'This user has a verified factor, and the session is at aal1. Every session starts there, by link, password or passkey.',
  todo: "Verify a factor in this same session, then call again. setSession(), refreshSession() and a new sign-in don't raise the level.",
  links: ['/', '/errors/#insufficient_aal'],
};

test('an access token of a recovery session', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  expect(await paste(page, accessToken())).toEqual([
    {
      title: 'Access token of an aal1 session',
      says: tokenSays,
      why: 'A link or code from an email proves one thing: that the user can read that inbox. If the user has a verified second factor, updateUser({ password }) answers 401 insufficient_aal.',
      todo: 'Verify a factor in this same session with mfa.challengeAndVerify(). A user without a verified factor can change the password right away.',
      links: ['/reset-a-password-with-mfa/'],
    },
  ]);
  await expect(summary(page)).toHaveText('Found 1: Access token of an aal1 session.');
});

test('an access token after the step-up, with Bearer before it', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const amr = [
    { method: 'totp', timestamp: now - 30 },
    { method: 'otp', timestamp: now - 300 },
  ];
  const [found, ...others] = await paste(page, `Authorization: Bearer ${accessToken({ aal: 'aal2', amr })}`);
  expect(others).toEqual([]);
  expect(found?.title).toBe('Access token of an aal2 session');
  expect(found?.says).toEqual({
    ...tokenSays,
    aal: ['aal2: the user had proved a second factor in this session'],
    amr: [
      'totp, 30 seconds ago (2026-11-24 11:59:30 UTC): a code from an authenticator app, as the second factor',
      'otp, 5 minutes ago (2026-11-24 11:55:00 UTC): a link or code from an email: reset, magic link or sign-up',
    ],
  });
});

test('an expired token says when it expired', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const [found] = await paste(page, accessToken({ exp: now - 300 }));
  expect(found?.title).toBe('Access token of an aal1 session, expired');
  expect(found?.says['exp']).toEqual(['expired 5 minutes ago (2026-11-24 11:55:00 UTC)']);
  expect(found?.todo).toBe(
    'The session may still be good: supabase.auth.refreshSession() gets new tokens at the same level.',
  );
});

test('a token that expired a second ago has expired, one that expires in a second has not', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const read = async (exp: number) => {
    const [found] = await paste(page, accessToken({ exp }));
    return [found?.title, found?.says['exp']?.[0]];
  };
  expect(await read(now - 1)).toEqual([
    'Access token of an aal1 session, expired',
    'expired 1 second ago (2026-11-24 11:59:59 UTC)',
  ]);
  expect(await read(now)).toEqual([
    'Access token of an aal1 session, expired',
    'expired in 0 seconds (2026-11-24 12:00:00 UTC)',
  ]);
  expect(await read(now + 1)).toEqual([
    'Access token of an aal1 session',
    'expires in 1 second (2026-11-24 12:00:01 UTC)',
  ]);
});

test("an amr that Auth doesn't write is shown unchanged", async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const time = now - 300;
  const at = '5 minutes ago (2026-11-24 11:55:00 UTC)';
  const odd = (entry: string) => `${entry}: Auth writes a method and a time instead`;
  for (const [amr, shown] of [
    [[{ method: 'constructor', timestamp: time }], [`constructor, ${at}: a method that this guide doesn’t know`]],
    [[{ method: '__proto__', timestamp: time }], [`__proto__, ${at}: a method that this guide doesn’t know`]],
    [[null], [odd('null')]],
    [[['otp']], [odd('["otp"]')]],
    [['otp'], [odd('otp')]],
    [[{ method: 'otp' }], [odd('{"method":"otp"}')]],
    [[{ method: 1, timestamp: time }], [odd(`{"method":1,"timestamp":${time}}`)]],
    [[{ method: 'otp', timestamp: `${time}` }], [odd(`{"method":"otp","timestamp":"${time}"}`)]],
    [{ method: 'otp', timestamp: time }, []],
    [null, []],
  ] as const) {
    const [found] = await paste(page, accessToken({ amr }));
    expect(found?.title, JSON.stringify(amr)).toBe('Access token of an aal1 session');
    expect(found?.says['amr'] ?? [], JSON.stringify(amr)).toEqual(shown);
  }
});

test('a token that never expires is shown unchanged', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const [header, , signature] = accessToken().split('.');
  const claims = Buffer.from('{"aal":"aal1","exp":1e400}').toString('base64url');
  const [found] = await paste(page, `${header}.${claims}.${signature}`);
  expect(found?.title).toBe('Access token of an aal1 session');
  expect(found?.says['exp']).toEqual(['missing']);
});

test('a cut or changed token says which part is wrong', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const [header, claims = '', signature] = accessToken().split('.');
  const read = async (token: string) => (await paste(page, token)).map(({ title, says }) => ({ title, says }));
  const title = 'A token that can’t be decoded';
  expect(await read(`${header}.${claims.slice(0, 25)}.${signature}`)).toEqual([
    { title, says: { Problem: ['The second part isn’t base64url.'] } },
  ]);
  expect(await read(`${header}.${claims.slice(0, 24)}.${signature}`)).toEqual([
    { title, says: { Problem: ['The second part isn’t JSON: {"iss":"https://ab'] } },
  ]);
  expect(await read('eyJhbGciOiJI.eyJh')).toEqual([{ title, says: { Problem: ['The second part isn’t JSON: {"a'] } }]);
});

test("API keys and other tokens aren't taken for access tokens", async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const titles = async (claims: object) => (await paste(page, accessToken(claims))).map(({ title }) => title);
  expect(await titles({ aal: undefined, role: 'service_role' })).toEqual(['Service key of a project']);
  expect(await titles({ aal: undefined, role: 'anon' })).toEqual(['Public (anon) key of a project']);
  expect(await titles({ aal: undefined, role: undefined })).toEqual(['A token that isn’t a Supabase access token']);
});

test('an error body in the newer form', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  expect(await paste(page, JSON.stringify({ code: 'insufficient_aal', message: refusal }))).toEqual([
    {
      ...shownError,
      says: {
        'Recognized as': ['an error body, as supabase-js gets it'],
        Code: ['insufficient_aal'],
        Message: [refusal],
      },
    },
  ]);
});

test('an error body in the older form, within other JSON', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const body = { code: 401, error_code: 'insufficient_aal', msg: refusal };
  expect(await paste(page, JSON.stringify({ data: null, errors: [body] }, null, 2))).toEqual([
    {
      ...shownError,
      says: {
        'Recognized as': ['an error body in the older form, for requests without X-Supabase-Api-Version'],
        Code: ['insufficient_aal'],
        Status: ['401'],
        Message: [refusal],
      },
    },
  ]);
});

/**
 * The log entry from supabase/auth#2091, copied from the dashboard in May 2025. It's a log line inside a string, from
 * the time when a refusal had two lines. Up to `msg` it's as in the issue. The keys after it are those that Auth's
 * logger wrote then, with other values.
 */
const line2091 = {
  component: 'api',
  error: `401: ${refusal}`,
  level: 'info',
  method: 'PUT',
  msg: `401: ${refusal}`,
  path: '/user',
  referer: 'http://localhost:4200',
  remote_addr: '203.0.113.7',
  request_id: '945d2fa0b0c3e8f1-MXP',
  time: '2025-05-26T12:03:41Z',
};
const entry2091 = JSON.stringify(
  { event_message: JSON.stringify(line2091), id: '5f1f6a5e-0d0c-4bb6-9a9b-2d1a3a4d2091', timestamp: 1748261021000000 },
  null,
  2,
);

test('the log entry of supabase/auth#2091', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  expect(await paste(page, entry2091)).toEqual([
    {
      ...shownError,
      says: {
        'Recognized as': ['an entry of the Auth log, from the dashboard'],
        Code: ['insufficient_aal, going by the message'],
        Status: ['401'],
        Message: [refusal],
        Request: ['PUT /user: updateUser()'],
        Time: ['2025-05-26T12:03:41Z'],
        From: ['203.0.113.7'],
        referer: ['http://localhost:4200: where Auth redirects to, not the page that made the request'],
        request_id: ['945d2fa0b0c3e8f1-MXP: the same in every line of this request'],
      },
    },
  ]);
});

test('the same entry, cut off in the middle', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const cut = entry2091.slice(0, entry2091.lastIndexOf('AAL2') + 20);
  expect(await paste(page, cut)).toEqual([
    {
      ...shownError,
      says: {
        'Recognized as': ['words in other text'],
        Code: ['insufficient_aal, going by the message'],
        Message: [refusal],
      },
    },
  ]);
});

test("today's log line of a refusal, as recorded, and the line of a success", async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const name = 'recover/recovery-session-cannot-change-password';
  const { exchanges } = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
  const line = exchanges.find((exchange: { log?: object[] }) => exchange.log).log[0];
  expect(await paste(page, JSON.stringify(line))).toEqual([
    {
      ...shownError,
      says: {
        'Recognized as': ['a line of the Auth log'],
        Code: ['insufficient_aal'],
        Status: ['401'],
        Message: [refusal],
        Request: ['PUT /user: updateUser()'],
        Time: ['<now, whole seconds>'],
        From: ['127.0.0.1'],
        referer: ['http://localhost:4200: where Auth redirects to, not the page that made the request'],
        request_id: ['<request id 1>: the same in every line of this request'],
      },
    },
  ]);
  const success = { ...line, level: 'info', status: 200, error: undefined, error_code: undefined };
  expect((await paste(page, JSON.stringify(success))).map(({ title, why }) => [title, why])).toEqual([
    ['Log line: request completed', 'Its level is info and it has no error: this request succeeded.'],
  ]);
});

test('errors of supabase-js: in the console of a browser, in Node, as JSON', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const error = new AuthApiError(refusal, 401, 'insufficient_aal');
  const says = { 'In supabase-js': ['AuthApiError'], Message: [refusal] };
  const inConsole = 'a supabase-js error, as the console shows it';

  const browser = `Uncaught (in promise) AuthApiError: ${refusal}\n    at handleError (fetch.ts:102:9)\n    at async _request`;
  expect(await paste(page, browser)).toEqual([
    {
      ...shownError,
      says: { 'Recognized as': [inConsole], Code: ['insufficient_aal, going by the message'], ...says },
    },
  ]);
  const node = `AuthApiError: ${refusal}\n    at handleError (fetch.ts:102:9) {\n  __isAuthError: true,\n  status: 401,\n  code: 'insufficient_aal'\n}`;
  const withFields = { Code: ['insufficient_aal'], Status: ['401'], ...says };
  expect(await paste(page, node)).toEqual([{ ...shownError, says: { 'Recognized as': [inConsole], ...withFields } }]);
  expect(await paste(page, JSON.stringify(error))).toEqual([
    { ...shownError, says: { 'Recognized as': ['a supabase-js error, as JSON'], ...withFields } },
  ]);
  expect((await paste(page, String(new AuthSessionMissingError()))).map(({ title, says }) => [title, says])).toEqual([
    [
      'Error: AuthSessionMissingError',
      {
        'Recognized as': [inConsole],
        'In supabase-js': ['AuthSessionMissingError'],
        Message: ['Auth session missing!'],
      },
    ],
  ]);
});

test('links: the mailed one, and the address it leads to in each flow', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const read = async (link: string) => (await paste(page, link)).map(({ title, says }) => ({ title, says }));
  const to = 'http://localhost:4200/reset-password';

  expect(
    await read(
      `${to}#access_token=${accessToken()}&expires_in=3600&refresh_token=abcdefghijkl&sb=&token_type=bearer&type=recovery`,
    ),
  ).toEqual([
    {
      title: 'Address after a recovery link, with a session in it',
      says: {
        'Recognized as': ['the end of the implicit flow: tokens in the fragment'],
        'Leads to': [to],
        type: ['recovery'],
      },
    },
    { title: 'Access token of an aal1 session', says: tokenSays },
  ]);
  expect(await read(`${to}?code=0b1f3b9e-1f7c-4f7e-9a59-8f5d7e1c2b3a`)).toEqual([
    {
      title: 'Address after a link, with a code of the PKCE flow',
      says: {
        'Recognized as': ['the end of the PKCE flow: a code to exchange'],
        'Leads to': [to],
        code: ['0b1f3b9e-1f7c-4f7e-9a59-8f5d7e1c2b3a, for one exchange'],
      },
    },
  ]);
  const refused = 'error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid+or+has+expired';
  for (const address of [`${to}#${refused}&sb=`, `${to}?${refused}#${refused}&sb=`]) {
    expect(await paste(page, address)).toEqual([
      {
        title: 'Error: otp_expired',
        says: {
          'Recognized as': ['the address that a link leads to when Auth refuses it'],
          Code: ['otp_expired'],
          Message: ['Email link is invalid or has expired'],
          'Leads to': [to],
          error: ['access_denied'],
        },
        why: 'The link was already used, is too old, or a newer email replaced it. Email security scanners open links too, and that uses them up.',
        todo: 'Ask for a new email and open the newest one. If it always happens, email a code or a link to your own page.',
        links: ['/links-codes-and-tokens/#what-breaks-where', '/errors/#otp_expired'],
      },
    ]);
  }
  expect(await read(`https://abc.supabase.co/auth/v1/verify?token=pkce_0f&type=recovery&redirect_to=${to}`)).toEqual([
    {
      title: 'Link from an email, for recovery',
      says: {
        'Recognized as': ['a link from an email that leads to Auth'],
        'Leads to': ['https://abc.supabase.co/auth/v1/verify'],
        type: ['recovery'],
        token: ['from the PKCE flow: it leads to an address with ?code='],
        redirect_to: [to],
      },
    },
  ]);
  expect(await read('?token_hash=0f&type=recovery')).toEqual([
    {
      title: 'Link with a token_hash, for recovery',
      says: { 'Recognized as': ['a link from an email that leads to your own page'], type: ['recovery'] },
    },
  ]);
});

test('several things at once, in their order, among other text', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const text = `the user says:
${JSON.stringify({ code: 'otp_expired', message: 'Email link is invalid or has expired' })}
and then { this is not JSON, "though": it looks like it
${entry2091}
session: ${accessToken()}
and AuthSessionMissingError: Auth session missing!
finally mfa_ip_address_mismatch`;
  expect((await paste(page, text)).map(({ title }) => title)).toEqual([
    'Error: otp_expired',
    'Error: insufficient_aal',
    'Access token of an aal1 session',
    'Error: AuthSessionMissingError',
    'Error: mfa_ip_address_mismatch',
  ]);
  await expect(summary(page)).toHaveText(
    'Found 5: Error: otp_expired; Error: insufficient_aal; Access token of an aal1 session; Error: AuthSessionMissingError; Error: mfa_ip_address_mismatch.',
  );
});

test('an error with an unknown code is shown as unknown', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  expect(await paste(page, '{"code":"new_in_2030","message":"Something else"}')).toEqual([
    {
      title: 'Error: new_in_2030',
      says: {
        'Recognized as': ['an error body, as supabase-js gets it'],
        Code: ['new_in_2030'],
        Message: ['Something else'],
      },
      why: 'It looks like an error from Supabase Auth, but this guide doesn’t know it.',
      todo: 'Search the Errors page for its code or its message.',
      links: ['/errors/'],
    },
  ]);
});

test('unknown text is reported as unknown, and clearing starts again', async ({ openOnce }) => {
  const page = await openOnce('decode/', { now: now * 1000 });
  const unknown =
    'Nothing here looks like an access token, an error, a log entry or a link from Supabase Auth. If it is one, paste all of it, exactly as you got it.';
  for (const text of ['hello', '{"broken": ', '{"a":1}', 'https://example.com/?q=1#top', 'eyJhbGciOiJIUzI1NiJ9']) {
    expect(await paste(page, text), text).toEqual([]);
    await expect(summary(page), text).toHaveText(unknown);
  }
  await page.getByRole('button', { name: 'Clear' }).focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('');
  await expect(summary(page)).toHaveText('');
});

test('nothing you paste can become part of the page', async ({ page }) => {
  await open(page);
  const html = '<img src="/nowhere" onerror="document.body.remove()">';
  const [found] = await paste(page, JSON.stringify({ code: html, message: html }));
  expect(found?.says['Message']).toEqual([html]);
  await expect(page.locator('text-decoder img')).toHaveCount(0);
});

/** Texts that would be slow if a reader looked at anything twice, and how many things are found in a megabyte of each. */
const junk = {
  '{': 0,
  '"': 0,
  '{"a":': 0,
  '{}': 0,
  '{"': 0,
  'ey-': 0,
  'eyJ.': 83_334,
  a: 0,
  'a:/': 0,
  '#error=a ': 111_111,
  'AuthApiError: ': 1,
  '\n': 0,
};

function megabyte(piece: string): string {
  return piece.repeat(1_000_000 / piece.length);
}

for (const [piece, found] of Object.entries(junk)) {
  // Finding many things takes seconds.
  test(`a megabyte of ${JSON.stringify(piece)} is read to its end`, found > 1 ? nightly : {}, () => {
    expect(decode(megabyte(piece), now)).toHaveLength(found);
  });
}

test('a megabyte of junk keeps the page responsive', nightly, async ({ page }) => {
  await open(page);
  expect(await paste(page, megabyte('eyJ.'))).toHaveLength(50);
  await expect(summary(page)).toHaveText(/^Found 83334: .* Here are the first 50\.$/);
  await page.getByRole('button', { name: 'Clear' }).click();
  expect((await paste(page, accessToken())).map(({ title }) => title)).toEqual(['Access token of an aal1 session']);
});

test('it makes no request while you use it, and works offline', async ({ context, page }) => {
  await open(page);
  await page.waitForLoadState('networkidle');
  const requests: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  await context.setOffline(true);
  const token = accessToken();
  expect(await paste(page, `${token}\n${entry2091}\nhttp://localhost:4200/#access_token=${token}`)).toHaveLength(4);
  await page.getByRole('button', { name: 'Clear' }).click();
  expect(requests).toEqual([]);
});

declare global {
  interface Window {
    /** The names of the stores that were opened: what's written to them may only show up much later. */
    opened: string[];
  }
}

/** Reads everything where a page can store something: address, tab, history, and the browser's storage. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    return {
      opened: window.opened,
      address: location.href,
      title: document.title,
      history: [history.length, history.state],
      name: window.name,
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookie: document.cookie,
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
    };
  });

test('nothing you paste is kept', async ({ page }) => {
  await page.addInitScript(() => {
    window.opened = [];
    const notes = <Name extends string>(store: { [name in Name]: (...all: never[]) => unknown }, name: Name) => {
      const opens = store[name];
      store[name] = function (this: unknown, ...all: never[]) {
        window.opened.push(name);
        return opens.apply(this, all);
      };
    };
    notes(IDBFactory.prototype, 'open');
    notes(CacheStorage.prototype, 'open');
    notes(StorageManager.prototype, 'getDirectory');
    notes(BroadcastChannel.prototype, 'postMessage');
  });
  await open(page);
  const before = await kept(page);
  const token = accessToken();
  expect(await paste(page, `${token}\n${entry2091}\nhttp://localhost:4200/#access_token=${token}`)).toHaveLength(4);
  expect(await kept(page)).toEqual(before);
  await page.getByRole('button', { name: 'Clear' }).click();
  expect(await kept(page)).toEqual(before);
});

test('what it finds meets WCAG 2.2 AA in light and dark, and fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page);
  await paste(page, `${accessToken()} ${accessToken({ aal: 'aal2' })} ${accessToken({ exp: now - 1 })} ${entry2091}`);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page, colorScheme, (axe) => axe.include('text-decoder'))).toEqual([]);
  }
});

test('every recorded error is explained, by its body, its message alone and its name in other text', () => {
  const said = new Map<string, { code: string; message: string }>();
  for (const path of recorded()) {
    const { exchanges } = JSON.parse(readFileSync(`${folder}/${path}.json`, 'utf8'));
    for (const { response } of exchanges) {
      if (!(response?.status >= 400)) continue;
      const { code, error_code, message, msg } = response.body ?? {};
      const error = { code: error_code ?? code, message: message ?? msg };
      if (typeof error.code === 'string' && typeof error.message === 'string')
        said.set(`${error.code} ${error.message}`, error);
    }
  }
  expect(said.size).toBeGreaterThan(100);
  const unknown = [...said.values()].filter(({ code, message }) => {
    const [body] = decode(JSON.stringify({ code, message }), now);
    const [words] = decode(`log: ${code}`, now);
    return (
      body?.title !== `Error: ${code}` ||
      words?.title !== `Error: ${code}` ||
      /this guide doesn’t know it/.test(body.why)
    );
  });
  expect(unknown).toEqual([]);
});

/** Errors for which the guide once had two tables that disagreed, and one was wrong. */
const onceWrong: [what: string, text: string, title: string, why: string, todo: string][] = [
  [
    'an anonymous user who wants a factor',
    '{"code":"no_authorization","message":"Anonymous user not allowed to perform these actions"}',
    'Error: no_authorization',
    'Anonymous users can’t have factors.',
    'Give the user an email address or a phone number first.',
  ],
  [
    'a user who writes app_metadata',
    '{"code":"not_admin","message":"Updating app_metadata requires admin privileges"}',
    'Error: not_admin',
    'Users can’t write their own `app_metadata`.',
    'Write to `data` (`user_metadata`) instead. Or set `app_metadata` on your server.',
  ],
  [
    'a PKCE link opened with another type',
    '{"code":"flow_state_not_found","message":"No associated flow state found. 422: No valid flow state found for user."}',
    'Error: flow_state_not_found',
    'The link was opened with another `type` than it was made for.',
    'Leave `type` in the link as it is. The link still works.',
  ],
  [
    'a limit that emails and text messages share',
    'For security purposes, you can only request this after 5 seconds.',
    'Error: over_email_send_rate_limit or over_sms_send_rate_limit',
    '`over_email_send_rate_limit`: An email was sent to this user less than `auth.email.max_frequency` ago. A reset for an unknown address never gets this answer. `over_sms_send_rate_limit`: A text message was sent less than `max_frequency` ago. Each factor has its own limit.',
    '`over_email_send_rate_limit`: Wait, with the button disabled. Show the same text as for success: only existing accounts get this error. `over_sms_send_rate_limit`: Show how long to wait. The code that was sent still works.',
  ],
  [
    'a code that Decode did not know',
    '{"code":"phone_exists","message":"A user with this phone number has already been registered"}',
    'Error: phone_exists',
    'Another user has that phone number.',
    'Let the user choose another number.',
  ],
  [
    'a verifier of another request',
    '{"code":"bad_code_verifier","message":"code challenge does not match previously saved code verifier"}',
    'Error: bad_code_verifier',
    'This browser holds the verifier of another request. Most often a newer email was requested, even one that Auth refused as too early.',
    'The link is used up: ask for a new email and open it in the browser that asks. Disable the button while a request runs.',
  ],
];

for (const [what, text, title, why, todo] of onceWrong) {
  test(`it is right about ${what}`, () => {
    expect(decode(text, now).map((found) => [found.title, found.why, found.todo])).toEqual([[title, why, todo]]);
  });
}

test('an ended session is recognized by its message: the longest match', () => {
  const message = 'Invalid Refresh Token: Session Expired (Low AAL: User Needs MFA Verification)';
  expect(decode(message, now).map(({ title, why }) => [title, why])).toEqual([
    [
      'Error: session_expired',
      'The user has a verified factor, and the session stayed at aal1 longer than your project allows.',
    ],
  ]);
});

test('each example button fills the field with something that it explains', async ({ page }) => {
  await open(page);
  const buttons = page.locator('text-decoder [data-example]');
  await expect(buttons).toHaveText(['A token', 'An error', 'A log line', 'A link']);
  expect(Object.keys(examples)).toHaveLength(4);
  for (const [label, title] of [
    ['A token', 'Access token of an aal1 session'],
    ['An error', 'Error: insufficient_aal'],
    ['A log line', 'Error: mfa_ip_address_mismatch'],
    ['A link', 'Error: otp_expired'],
  ] as const) {
    await page.getByRole('button', { name: label, exact: true }).click();
    await expect(field(page)).toBeFocused();
    await expect(field(page)).not.toHaveValue('');
    await expect(page.locator('text-decoder article h2')).toHaveText([title]);
  }
});

/** Texts that lead to every kind of finding. */
const everyKind = [
  ...knownErrors.map(({ code, messages: [message = 'any'] }) => JSON.stringify({ code, message })),
  '{"code":"new_in_2030","message":"any"}',
  accessToken(),
  accessToken({ aal: 'aal2' }),
  accessToken({ exp: now - 1 }),
  ...['service_role', 'anon', undefined].map((role) => accessToken({ aal: undefined, role })),
  'eyJhbGciOiJI.eyJh',
  entry2091,
  JSON.stringify({ ...line2091, level: 'info', status: 200, error: undefined, error_code: undefined }),
  `http://localhost:4200/#access_token=${accessToken()}&type=recovery`,
  'http://localhost:4200/?code=0b1f3b9e-1f7c-4f7e-9a59-8f5d7e1c2b3a',
  'http://localhost:4200/#error=access_denied&error_code=otp_expired',
  'https://abc.supabase.co/auth/v1/verify?token=pkce_0f&type=recovery',
  '?token_hash=0f&type=recovery',
];

test('every link it gives leads to an existing place', async () => {
  const links = everyKind.flatMap((text) => {
    const findings = decode(text, now);
    expect(findings, text).not.toEqual([]);
    return findings.flatMap(({ links }) => links.map(({ path }) => path));
  });
  const pages = new Map<string, Promise<string>>();
  const read = async (path: string) => {
    const response = await fetch(guideUrl(path));
    expect(response.status, path).toBe(200);
    return response.text();
  };
  for (const link of new Set(links)) {
    const [path = '', place] = link.split('#');
    if (!pages.has(path)) pages.set(path, read(path));
    if (place) expect(await pages.get(path), link).toContain(`id="${place}"`);
    else await pages.get(path);
  }
});

/** What Decode has to say about the errors that a reset can meet. */
const explained: [code: string, why: string, todo: string][] = [
  ['insufficient_aal', 'the session is at aal1', 'Verify a factor in this same session'],
  ['otp_expired', 'The link was already used', 'Ask for a new email'],
  ['flow_state_expired', 'More than five minutes passed', 'To avoid this limit'],
  ['flow_state_not_found', 'was already exchanged', 'Exchange it once'],
  ['pkce_code_verifier_not_found', 'This browser didn’t request the email', 'which works in any browser'],
  ['mfa_verification_failed', 'more than one period of 30 seconds off', 'type the next code'],
  ['mfa_ip_address_mismatch', 'this challenge was already used', 'both on your server'],
  ['mfa_challenge_expired', 'more than five minutes old', 'Create a new challenge'],
  ['mfa_factor_not_found', 'has no such factor', 'Take the id from `mfa.listFactors()`'],
  ['mfa_verified_factor_exists', 'Only one is allowed for each number', 'enroll another number'],
  ['mfa_verification_rejected', 'Auth has ended every session of the user', 'Show the message'],
  ['session_not_found', '`AuthSessionMissingError`, without a code', 'ask for a new link'],
  ['AuthSessionMissingError', 'Auth has ended it', 'check that the cookies reach it'],
  ['AuthRetryableFetchError', 'a status of 500 or more', 'Try again once'],
  ['session_expired', '`auth.sessions.timebox`', 'sign in again'],
  ['refresh_token_not_found', 'its session has ended', 'ask for a new link'],
  ['refresh_token_already_used', 'An older refresh token came back', 'Keep the tokens in one place'],
  ['bad_jwt', 'is signed with another project’s key', 'Send the session’s access token unchanged'],
  ['no_authorization', 'supabase-js always sends one', 'Send the session’s access token'],
  ['same_password', 'The new password is the same as the old password', 'The session stays at aal2'],
  ['weak_password', 'it can hide `insufficient_aal`', 'Show `error.reasons`'],
  ['email_address_not_authorized', 'only to members of your team', 'your own SMTP server'],
  ['email_address_invalid', '`example.com`', 'an address that exists'],
  ['captcha_failed', 'has captcha protection on', 'captchaToken'],
  ['over_request_rate_limit', 'from one IP address', 'Wait a moment'],
  ['reauthentication_needed', 'more than 24 hours old', 'doesn’t replace the second factor'],
  ['reauthentication_not_valid', 'used up even if the password is then refused', 'Call `reauthenticate()`'],
  ['bad_json', 'a code or a password is a number', 'String(code)'],
  ['conflict', 'locked for five seconds', 'let one client refresh'],
  ['unexpected_failure', '`AuthRetryableFetchError`, without a code', 'Look at the Auth log'],
  ['42501', 'The database refuses this, not Auth', 'SECURITY DEFINER'],
];

for (const [code, why, todo] of explained) {
  test(`it says why ${code} comes, and what to do`, () => {
    const [found] = decode(/^Auth/.test(code) ? `${code}: any` : JSON.stringify({ code, message: 'any' }), now);
    expect(found?.title).toBe(`Error: ${code}`);
    expect(found?.why).toContain(why);
    expect(found?.todo).toContain(todo);
  });
}
