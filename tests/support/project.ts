/**
 * The Supabase project that an example talks to, as the tests reach it: one client for every host and target.
 * It sets the scene (users, factors) and reads mail; what is tested is done in the page.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';

export interface Authenticator {
  name: string;
  factorId: string;
  /** The six digits for now; `stepsAhead` moves by periods of 30 seconds. */
  code(stepsAhead?: number): string;
  /** Six digits that the server refuses now. */
  wrongCode(): string;
}

export interface Phone {
  name: string;
  factorId: string;
  /** The codes sent to it, oldest first, as soon as there are at least `count`. */
  codes(count: number): Promise<string[]>;
}

export interface TestUser {
  email: string;
  password: string;
  client: SupabaseClient;
}

/** Calls made inside the page, for host `page`, where the project lives nowhere else. */
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

/** Throws the error of a supabase-js answer, else gives its data. */
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

  /** `inbox` is the base of a Mailpit API, `sms` where text messages are, `key` an anon or publishable key. */
  constructor(project: { url: string; inbox: string; sms: string; key: string; fetch: typeof fetch }) {
    this.url = project.url;
    this.#inbox = project.inbox;
    this.#sms = project.sms;
    this.#key = project.key;
    this.#fetch = project.fetch;
  }

  /** A supabase-js client of its own, which keeps its session to itself. */
  client(): SupabaseClient {
    return createClient(this.url, this.#key, {
      auth: { persistSession: false, autoRefreshToken: false },
      global: { fetch: this.#fetch },
    });
  }

  /** Signs up a new user, who is signed in with `client`. */
  async createUser(): Promise<TestUser> {
    const user = { email: `${randomUUID()}@example.com`, password: 'the old password', client: this.client() };
    data(await user.client.auth.signUp({ email: user.email, password: user.password }));
    return user;
  }

  /** Enrols a TOTP factor and verifies it, unless `verified` is false. */
  async enrol(user: TestUser, name = 'Authenticator app', { verified = true } = {}): Promise<Authenticator> {
    const factor = data(await user.client.auth.mfa.enroll({ factorType: 'totp', friendlyName: name }));
    if (!factor) throw new Error('enrolment gave no factor');
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

  /** Enrols a phone factor and verifies it with the code of its first text message. */
  async enrolPhone(user: TestUser, name = 'Mobile'): Promise<Phone> {
    const phone = `1555${randomInt(1e9).toString().padStart(9, '0')}`;
    const { mfa } = user.client.auth;
    const factor = data(await mfa.enroll({ factorType: 'phone', friendlyName: name, phone: `+${phone}` }));
    if (!factor) throw new Error('enrolment gave no factor');
    const challenge = data(await mfa.challenge({ factorId: factor.id, channel: 'sms' }));
    if (!challenge) throw new Error('there is no challenge');
    const codes = (count: number) => this.#codes(phone, count);
    const [code = ''] = await codes(1);
    data(await mfa.verify({ factorId: factor.id, challengeId: challenge.id, code }));
    return { name, factorId: factor.id, codes };
  }

  /** The codes of the text messages to a number, oldest first, as soon as there are at least `count`. */
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

  /** Whether this password signs the user in now: `true`, or the code of the error. */
  async signIn(email: string, password: string): Promise<true | string | undefined> {
    const { error } = await this.client().auth.signInWithPassword({ email, password });
    return error ? error.code : true;
  }

  /** The link in the newest of at least `count` mails to `email`, as soon as it has arrived. */
  async resetLink(email: string, count = 1): Promise<string> {
    const mails = async () => {
      const answer = await this.#fetch(`${this.#inbox}/api/v1/search?query=${encodeURIComponent(`to:${email}`)}`);
      return ((await answer.json()) as { messages: { ID: string }[] }).messages;
    };
    await expect
      .poll(async () => (await mails()).length, { message: `mails to ${email}` })
      .toBeGreaterThanOrEqual(count);
    const id = (await mails())[0]?.ID;
    const mail = (await (await this.#fetch(`${this.#inbox}/api/v1/message/${id}`)).json()) as { HTML: string };
    const href = /href="([^"]+)"/.exec(mail.HTML)?.[1];
    if (!href) throw new Error(`no link in the mail to ${email}: ${mail.HTML}`);
    return href.replaceAll('&amp;', '&');
  }
}
