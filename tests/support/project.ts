/**
 * The tests' access to an example's Supabase project: one client for every host and target. It sets the scene (users,
 * factors) and reads emails. The tested behavior happens in the page.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import {
  type CreationOptions,
  Authenticator as SoftwareKey,
} from '../../playground/demo-project/contract/authenticator.ts';

export interface Authenticator {
  name: string;
  factorId: string;
  /** Returns the current six digits. `stepsAhead` moves by periods of 30 seconds. */
  code(stepsAhead?: number): string;
  /** Returns six digits that the server refuses now. */
  wrongCode(): string;
}

export interface Phone {
  name: string;
  factorId: string;
  /** Returns the codes sent to the phone, oldest first, once there are at least `count`. */
  codes(count: number): Promise<string[]>;
}

export interface TestUser {
  email: string;
  password: string;
  client: SupabaseClient;
}

/** Returns a fetch that runs inside the page. On host `page`, the project exists only there. */
export function fetchInPage(page: Page): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = await request.text();
    const answer = await page.evaluate(
      async ({ url, method, headers, body }) => {
        const response = await fetch(url, { method, headers, redirect: 'manual', ...(body ? { body } : {}) });
        return { status: response.status, headers: [...response.headers], body: await response.text() };
      },
      { url: request.url, method: request.method, headers: Object.fromEntries(request.headers), body },
    );
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : answer.body, {
      status: answer.status,
      headers: answer.headers as [string, string][],
    });
  };
}

/** Returns the data of a supabase-js answer. Throws its error, if any. */
function data<T>(answer: { data: T; error: unknown }): T {
  if (answer.error) throw answer.error;
  return answer.data;
}

export class TestProject {
  readonly url: string;
  readonly #inbox: string;
  readonly #sms: string;
  readonly #key: string;
  readonly #fetch: typeof fetch;

  /** `inbox` is the base URL of a Mailpit API, `sms` is where text messages are, and `key` is an anon or publishable key. */
  constructor(project: { url: string; inbox: string; sms: string; key: string; fetch: typeof fetch }) {
    this.url = project.url;
    this.#inbox = project.inbox;
    this.#sms = project.sms;
    this.#key = project.key;
    this.#fetch = project.fetch;
  }

  /** Returns a new supabase-js client that keeps its session to itself. */
  client(): SupabaseClient {
    return createClient(this.url, this.#key, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { fetch: this.#fetch },
    });
  }

  /** Signs up a new user. `client` is signed in as this user. */
  async createUser(): Promise<TestUser> {
    const user = { email: `${randomUUID()}@example.com`, password: 'the old password', client: this.client() };
    data(await user.client.auth.signUp({ email: user.email, password: user.password }));
    return user;
  }

  /** Enrolls a TOTP factor and verifies it, unless `verified` is false. */
  async enroll(user: TestUser, name = 'Authenticator app', { verified = true } = {}): Promise<Authenticator> {
    const factor = data(await user.client.auth.mfa.enroll({ factorType: 'totp', friendlyName: name }));
    if (!factor) throw new Error('enrollment gave no factor');
    const totp = new TOTP({ secret: factor.totp.secret });
    const code = (stepsAhead = 0) => totp.generate({ timestamp: Date.now() + stepsAhead * 30_000 });
    if (verified) data(await user.client.auth.mfa.challengeAndVerify({ factorId: factor.id, code: code() }));
    const wrongCode = () => {
      const valid = [-2, -1, 0, 1, 2].map(code);
      return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
        (digits) => !valid.includes(digits),
      ) as string;
    };
    return { name, factorId: factor.id, code, wrongCode };
  }

  /** Enrolls a phone factor and verifies it with the code from its first text message. */
  async enrollPhone(user: TestUser, name = 'Mobile'): Promise<Phone> {
    const phone = `1555${randomInt(1e9).toString().padStart(9, '0')}`;
    const { mfa } = user.client.auth;
    const factor = data(await mfa.enroll({ factorType: 'phone', friendlyName: name, phone: `+${phone}` }));
    if (!factor) throw new Error('enrollment gave no factor');
    const challenge = data(await mfa.challenge({ factorId: factor.id, channel: 'sms' }));
    if (!challenge) throw new Error('there is no challenge');
    const codes = (count: number) => this.#codes(phone, count);
    const [code = ''] = await codes(1);
    data(await mfa.verify({ factorId: factor.id, challengeId: challenge.id, code }));
    return { name, factorId: factor.id, codes };
  }

  /** Registers a passkey, and enrolls and verifies a WebAuthn factor, on pages of this origin. Returns both keys. */
  async enrollKeys(user: TestUser, origin: string): Promise<{ passkey: SoftwareKey; factor: SoftwareKey }> {
    const { data: signedIn } = await user.client.auth.getSession();
    const headers = { apikey: this.#key, authorization: `Bearer ${signedIn.session?.access_token}` };
    const post = async <Body>(path: string, body: object): Promise<Body> => {
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const answer = await this.#fetch(`${this.url}/auth/v1${path}`, init);
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return answer.json() as Promise<Body>;
    };
    const passkey = new SoftwareKey(origin);
    type Registration = { challenge_id: string; options: CreationOptions };
    const { challenge_id, options } = await post<Registration>('/passkeys/registration/options', {});
    await post('/passkeys/registration/verify', { challenge_id, credential: passkey.create(options) });

    const factor = new SoftwareKey(origin);
    type Challenge = { id: string; webauthn: { credential_options: { publicKey: CreationOptions } } };
    const enrollment = { factor_type: 'webauthn', friendly_name: 'Security key' };
    const { id } = await post<{ id: string }>('/factors', enrollment);
    const challenge = await post<Challenge>(`/factors/${id}/challenge`, {});
    const credential_response = factor.create(challenge.webauthn.credential_options.publicKey);
    const webauthn = { type: 'create', credential_response };
    await post(`/factors/${id}/verify`, { challenge_id: challenge.id, webauthn });
    return { passkey, factor };
  }

  /** Returns the codes sent to a number, oldest first, once there are at least `count`. */
  async #codes(phone: string, count: number): Promise<string[]> {
    let codes: string[] = [];
    const read = async () => {
      const texts = (await (await this.#fetch(this.#sms)).json()) as { sms: { otp: string; phone: string } }[];
      codes = texts.filter(({ sms }) => sms.phone === phone).map(({ sms }) => sms.otp);
      return codes.length;
    };
    await expect.poll(read, { message: `text messages to ${phone}` }).toBeGreaterThanOrEqual(count);
    return codes;
  }

  /** Tries to sign in with this password. Returns `true`, or the error's code. */
  async signIn(email: string, password: string): Promise<true | string | undefined> {
    const { error } = await this.client().auth.signInWithPassword({ email, password });
    return error ? error.code : true;
  }

  /** Returns how many emails were sent to an address. */
  async countMails(email: string): Promise<number> {
    return (await this.#mails(email)).length;
  }

  /**
   * Returns the HTML of the newest of at least `count` emails to `email`, once it has arrived. `older`
   * goes back by that many emails.
   */
  async resetMail(email: string, count = 1, older = 0): Promise<string> {
    await expect.poll(() => this.countMails(email), { message: `emails to ${email}` }).toBeGreaterThanOrEqual(count);
    const id = (await this.#mails(email))[older]?.ID;
    return ((await (await this.#fetch(`${this.#inbox}/api/v1/message/${id}`)).json()) as { HTML: string }).HTML;
  }

  /** Returns the link in that email. */
  async resetLink(email: string, count = 1, older = 0): Promise<string> {
    const html = await this.resetMail(email, count, older);
    const href = /href="([^"]+)"/.exec(html)?.[1];
    if (!href) throw new Error(`no link in the email to ${email}: ${html}`);
    return href.replaceAll('&amp;', '&');
  }

  /** Returns the emails to an address, newest first. */
  async #mails(email: string): Promise<{ ID: string }[]> {
    const answer = await this.#fetch(`${this.#inbox}/api/v1/search?query=${encodeURIComponent(`to:${email}`)}`);
    return ((await answer.json()) as { messages: { ID: string }[] }).messages;
  }
}
