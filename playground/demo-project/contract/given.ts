/** Sets up scenarios. It makes ordinary calls that must succeed. Only one sentence about them is recorded. */
import { createHash, createHmac } from 'node:crypto';
import { TOTP } from 'otpauth';
import type { CallOptions, Calls, Received, ReceivedMail, Session } from './calls.ts';
import type { Json } from './json.ts';

export interface Person {
  id: string;
  email: string;
  password: string;
  /** The session from signing up. */
  session: Session;
}

export interface Factor {
  id: string;
  /** Returns the current code, or the code a number of 30-second periods later. */
  code(periods?: number): string;
  /** Returns a code that isn't valid now. */
  wrongCode(): string;
}

interface TokenResponse {
  access_token: string;
  refresh_token: string;
  user: { id: string };
}

export const verifier = 'a-code-verifier-of-the-scenarios-0123456789-abcdefghijklm';
export const challenge = createHash('sha256').update(verifier).digest('base64url');
export const pkce = { code_challenge: challenge, code_challenge_method: 's256' };

/** Returns the session in a token response. Throws if there is none. */
export function sessionOf(answer: Received<unknown>): Session {
  const { access_token, refresh_token } = answer.body as Partial<TokenResponse>;
  if (!access_token || !refresh_token) throw new Error(`no session in ${answer.status} ${JSON.stringify(answer.body)}`);
  return { accessToken: access_token, refreshToken: refresh_token };
}

/** Returns the parameters in the fragment of a redirect, or else in its query. */
export function parametersOf(answer: Received<unknown>): URLSearchParams {
  const { hash, search } = new URL(answer.headers.get('location') ?? 'about:blank');
  return new URLSearchParams(hash.slice(1) || search.slice(1));
}

/** Returns a token with these claims, signed with `secret` (HS256). `header` replaces parts of its header. */
export function forge(claims: { [claim: string]: Json }, secret: string, header: { [key: string]: Json } = {}): string {
  const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}

/** Returns the claims of a session's access token. */
export function claimsOf(session: Session): { [claim: string]: Json } {
  return JSON.parse(Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString());
}

/** Returns the session in the fragment of an implicit-flow link. Throws if there is none. */
export function sessionInLink(answer: Received<unknown>): Session {
  const parameters = Object.fromEntries(parametersOf(answer));
  return sessionOf({ ...answer, body: parameters });
}

/** Returns the token in an email's link. Throws if there is none. */
export function tokenIn(link: string | undefined): string {
  const token = link && new URL(link).searchParams.get('token');
  if (!token) throw new Error(`no token in ${link}`);
  return token;
}

/** Returns the route that opens a link. Throws if there is no link. */
export function open(link: string | undefined): string {
  if (!link) throw new Error('no link to open');
  return `GET ${link}`;
}

/** Returns the code in an email. Throws if there is none. */
export function codeIn(mail: ReceivedMail | undefined): string {
  const code = /\b\d{6,10}\b/.exec(`${mail?.subject} ${mail?.html.replace(/href="[^"]*"/g, '')}`)?.[0];
  if (!code) throw new Error('no code in the mail');
  return code;
}

export class Given {
  readonly #project: Calls;

  constructor(project: Calls) {
    this.#project = project;
  }

  /** Makes a call that must succeed. Throws with the response if it doesn't. */
  async call<Body>(route: string, call: CallOptions = {}): Promise<Received<Body>> {
    const answer = await this.#project.call<Body>(route, call);
    if (answer.status >= 400) throw new Error(`${route} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** Creates a user with an email address and password, who is signed in. */
  async user(name = 'ada', data?: { [key: string]: Json }): Promise<Person> {
    const person = await this.#signUp(name, data);
    this.#project.note(`${name} has signed up with a password`);
    return person;
  }

  /** Creates a user with a password and a confirmed email address. */
  async confirmedUser(name = 'ada'): Promise<Person> {
    const email = this.#project.email(name);
    const password = `old-password-${name}`;
    const { body } = await this.call<{ id: string }>('POST /signup', { body: { email, password } });
    const [mail] = await this.#project.newMails(email);
    const session = await this.linkSession(mail?.links[0]);
    this.#project.note(`${name} has signed up with a password and confirmed the address`);
    await this.#project.pass('2s');
    return { id: body.id, email, password, session };
  }

  /** Returns the session from a link in the implicit flow. */
  async linkSession(link: string | undefined): Promise<Session> {
    return sessionInLink(await this.call(open(link)));
  }

  /** Creates a user without an email address and password. */
  async anonymous(): Promise<Session> {
    const session = sessionOf(await this.call('POST /signup', { body: {} }));
    this.#project.note('an anonymous user has signed in');
    return session;
  }

  /** Creates a user with a verified TOTP factor. Verifying it raised the sign-up's session to aal2. */
  async userWithFactor(name = 'ada'): Promise<Person & { factor: Factor }> {
    const person = await this.#signUp(name);
    const factor = await this.#enroll(person.session);
    const session = await this.#verify(person.session, factor);
    this.#project.note(`${name} has signed up with a password and verified a TOTP factor`);
    return { ...person, session, factor };
  }

  /** Creates a user who didn't finish enrolling a TOTP factor. */
  async userWithUnverifiedFactor(name = 'ada'): Promise<Person & { factor: Factor }> {
    const person = await this.#signUp(name);
    const factor = await this.#enroll(person.session);
    this.#project.note(`${name} has signed up with a password and enrolled a TOTP factor without verifying it`);
    return { ...person, factor };
  }

  /** Enrolls a TOTP factor without verifying it. */
  async unverifiedFactor(session: Session, friendlyName = ''): Promise<Factor> {
    const factor = await this.#enroll(session, friendlyName);
    this.#project.note(`in that session a TOTP factor named "${friendlyName}" was enrolled but not verified`);
    return factor;
  }

  /** Adds a verified TOTP factor. This raises the session to aal2. */
  async verifiedFactor(session: Session, friendlyName = ''): Promise<{ factor: Factor; session: Session }> {
    const factor = await this.#enroll(session, friendlyName);
    const raised = await this.#verify(session, factor);
    this.#project.note(`in that session a TOTP factor named "${friendlyName}" was enrolled and verified`);
    return { factor, session: raised };
  }

  /** Adds a verified phone factor. This raises the session to aal2. */
  async verifiedPhoneFactor(
    session: Session,
    phone: string,
    friendlyName = 'phone',
  ): Promise<{ id: string; session: Session }> {
    const id = await this.#enrollPhone(session, phone, friendlyName);
    const challenge = await this.call<{ id: string }>(`POST /factors/${id}/challenge`, {
      as: session,
      body: { channel: 'sms' },
    });
    const code = (await this.#project.newTexts()).at(-1)?.sms.otp ?? '';
    const answer = await this.call(`POST /factors/${id}/verify`, {
      as: session,
      body: { challenge_id: challenge.body.id, code },
    });
    await this.#project.pass('2s');
    this.#project.note('in that session a phone factor was enrolled and verified');
    return { id, session: sessionOf(answer) };
  }

  /** Enrolls a phone factor without verifying it. */
  async unverifiedPhoneFactor(session: Session, phone: string, friendlyName = 'phone'): Promise<string> {
    const id = await this.#enrollPhone(session, phone, friendlyName);
    this.#project.note('in that session a phone factor was enrolled but not verified');
    return id;
  }

  /** Marks a factor as verified, for settings under which nobody can verify it now. */
  async verifiedBefore(factor: { id: string }): Promise<void> {
    await this.#project.target.verify(factor.id);
    this.#project.note('that factor was verified before verification was switched off');
  }

  /** Creates a challenge of this factor. */
  async challenge(session: Session, factor: { id: string }): Promise<string> {
    const { body } = await this.call<{ id: string }>(`POST /factors/${factor.id}/challenge`, { as: session, body: {} });
    this.#project.note('a challenge of the factor was asked for');
    return body.id;
  }

  /** Returns the same session, raised to aal2. */
  async stepUp(session: Session, factor: Factor): Promise<Session> {
    const raised = await this.#verify(session, factor);
    this.#project.note('that session was lifted to aal2');
    return raised;
  }

  /** Returns a new session from a password. */
  async passwordSession(person: Person): Promise<Session> {
    const session = sessionOf(
      await this.call('POST /token?grant_type=password', { body: { email: person.email, password: person.password } }),
    );
    return this.#signedIn(session, `${this.#name(person)} has signed in with the password`);
  }

  /** Returns a new session from a recovery link, implicit flow. */
  async recoverySession(person: Person): Promise<Session> {
    const session = await this.linkSession(await this.#recoveryLink(person));
    return this.#signedIn(session, `${this.#name(person)} has opened a recovery link`);
  }

  /** Returns a new session from a recovery link, PKCE flow. */
  async pkceRecoverySession(person: Person): Promise<Session> {
    const code = parametersOf(await this.call(open(await this.#recoveryLink(person, pkce)))).get('code') ?? '';
    const session = sessionOf(
      await this.call('POST /token?grant_type=pkce', { body: { auth_code: code, code_verifier: verifier } }),
    );
    return this.#signedIn(session, `${this.#name(person)} has opened a recovery link and exchanged its code (PKCE)`);
  }

  /** Returns a new session from a magic link, implicit flow. */
  async magicLinkSession(person: Person): Promise<Session> {
    await this.#project.pass('2s');
    await this.call('POST /otp', { body: { email: person.email, create_user: false } });
    const [mail] = await this.#project.newMails(person.email);
    const session = await this.linkSession(mail?.links[0]);
    return this.#signedIn(session, `${this.#name(person)} has opened a magic link`);
  }

  /** Returns the link in a new recovery email. */
  async recoveryLink(person: { email: string }, body: { [key: string]: Json } = {}): Promise<string> {
    const link = await this.#recoveryLink(person, body);
    this.#project.note(`${this.#name(person)} has got a recovery mail${body['code_challenge'] ? ' (PKCE)' : ''}`);
    return link;
  }

  /** Bans a user for a day. */
  async banned(person: { id: string; email: string }): Promise<void> {
    await this.call(`PUT /admin/users/${person.id}`, { as: 'service', body: { ban_duration: '24h' } });
    this.#project.note(`${this.#name(person)} has been banned`);
  }

  /** Returns a recovery code to type. By default no email contains it, so an admin generates it. */
  async recoveryCode(person: { email: string }): Promise<string> {
    const { body } = await this.call<{ email_otp: string }>('POST /admin/generate_link', {
      as: 'service',
      body: { type: 'recovery', email: person.email },
    });
    this.#project.note(`${this.#name(person)} has got a recovery code`);
    return body.email_otp;
  }

  #name(person: { email: string }): string {
    return person.email.split('.')[0] ?? '';
  }

  /** Lets two seconds pass after a sign-in, so that later claims are newer. Claims are sorted by whole seconds. */
  async #signedIn(session: Session, sentence: string): Promise<Session> {
    this.#project.note(sentence);
    await this.#project.pass('2s');
    return session;
  }

  async #recoveryLink(person: { email: string }, body: { [key: string]: Json } = {}): Promise<string> {
    await this.#project.pass('2s');
    await this.#project.newMails(person.email);
    await this.call('POST /recover', { body: { email: person.email, ...body } });
    const [mail] = await this.#project.newMails(person.email);
    const link = mail?.links[0];
    if (!link) throw new Error(`no recovery mail to ${person.email}`);
    return link;
  }

  async #signUp(name: string, data?: { [key: string]: Json }): Promise<Person> {
    const email = this.#project.email(name);
    const password = `old-password-${name}`;
    const answer = await this.call<TokenResponse>('POST /signup', {
      body: { email, password, ...(data ? { data } : {}) },
    });
    return { id: answer.body.user.id, email, password, session: sessionOf(answer) };
  }

  async #enroll(session: Session, friendlyName = ''): Promise<Factor> {
    const { body } = await this.call<{ id: string; totp: { secret: string } }>('POST /factors', {
      as: session,
      body: { factor_type: 'totp', friendly_name: friendlyName },
    });
    return factorOf(this.#project, body);
  }

  async #enrollPhone(session: Session, phone: string, friendlyName: string): Promise<string> {
    const { body } = await this.call<{ id: string }>('POST /factors', {
      as: session,
      body: { factor_type: 'phone', phone, friendly_name: friendlyName },
    });
    return body.id;
  }

  /** Lets two seconds pass first, so that the new claim is the newest. */
  async #verify(session: Session, factor: Factor): Promise<Session> {
    await this.#project.pass('2s');
    const challenge = await this.call<{ id: string }>(`POST /factors/${factor.id}/challenge`, {
      as: session,
      body: {},
    });
    return sessionOf(
      await this.call(`POST /factors/${factor.id}/verify`, {
        as: session,
        body: { challenge_id: challenge.body.id, code: factor.code() },
      }),
    );
  }
}

/** Returns the factor from an enrollment's response. */
export function factorOf(project: Calls, { id, totp: { secret } }: { id: string; totp: { secret: string } }): Factor {
  const totp = new TOTP({ secret });
  const code = (periods = 0) =>
    project.name(totp.generate({ timestamp: project.target.now() + periods * 30_000 }), 'totp code');
  const wrongCode = () => {
    const valid = [-2, -1, 0, 1, 2].map((periods) =>
      totp.generate({ timestamp: project.target.now() + periods * 30_000 }),
    );
    const wrong =
      ['000000', '111111', '222222', '333333', '444444', '555555'].find((digits) => !valid.includes(digits)) ?? '';
    return project.name(wrong, 'wrong totp code');
  };
  return { id, code, wrongCode };
}
