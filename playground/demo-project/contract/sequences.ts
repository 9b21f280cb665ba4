/**
 * Random sequences of calls by several clients. The properties of the demo project (properties.spec.ts) and the
 * comparison with a real server (differential.ts) share this generator. A step names a call, and how far back to reach
 * for what earlier responses contained: 0 is the newest session, link, code, and so on. So every step makes sense in
 * any sequence, even a shortened one, and means the same on both servers.
 */
import fc from 'fast-check';
import type { CallOptions, Received, Session } from './calls.ts';
import type { Client } from './client.ts';
import {
  claimsOf,
  challenge as codeChallenge,
  codeIn,
  type Factor,
  factorOf,
  parametersOf,
  verifier,
} from './given.ts';
import type { Json } from './json.ts';
import { profiles } from './profiles.ts';

const emails = ['ada', 'grace', 'joan'] as const;
const phones = [1, 2, 3] as const;
type Email = (typeof emails)[number];

/** The only passwords that are ever set. */
export const passwords = ['the first password', 'the second password'];

/** How far back to reach. Mostly 0, for the newest. */
const back = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(6) });
const rarely = fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const email = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Email>('ada') },
  { weight: 1, arbitrary: fc.constantFrom(...emails) },
);
const phone = fc.constantFrom(...phones);
const password = fc.constantFrom(...passwords);
const pkce = rarely;

/** What responses have contained so far, for use in later steps. */
interface Token {
  /** The type, as `POST /verify` names it. */
  type: string;
}

interface Link extends Token {
  href: string;
  hash: string;
}

interface Code extends Token {
  code: string;
  /** The email address or phone number it was sent to. */
  to: { email: string } | { phone: string };
}

interface Challenge {
  id: string;
  factorId: string;
  /** The code, if it was sent as a text message. */
  code?: string | undefined;
}

/** A call and its response. */
export interface Made {
  route: string;
  call: CallOptions;
  answer: Received;
}

/** One or several clients of a project. Makes the calls of a sequence and remembers what the responses contained. */
export class Walk {
  readonly project: Client;
  readonly sessions: Session[] = [];
  readonly links: Link[] = [];
  readonly codes: Code[] = [];
  readonly authCodes: string[] = [];
  readonly factors: (Factor | { id: string })[] = [];
  readonly challenges: Challenge[] = [];
  readonly users: string[] = [];
  #made: Made | undefined;

  constructor(project: Client) {
    this.project = project;
  }

  /** Takes a step. Returns the call it made, or nothing if there was nothing to use yet. */
  async take([name, choices]: Turn): Promise<Made | undefined> {
    this.#made = undefined;
    await moves[name].take(this, choices as never);
    return this.#made;
  }

  /** Makes a call and remembers what its response contains. Returns whether it succeeded. */
  async send(route: string, call: CallOptions = {}): Promise<boolean> {
    const answer = await this.project.send(route, call);
    this.#made = { route, call, answer };
    this.#learn(route, call, answer);
    return answer.status < 400;
  }

  /** Reads the new emails to these addresses. A code in an email is for reauthentication. */
  async readMails(...names: Email[]): Promise<void> {
    for (const name of names) {
      const address = this.project.email(name);
      for (const mail of await this.project.mails(address)) {
        const [href] = mail.links;
        if (href) this.#keepLink(href);
        else this.codes.push({ type: 'reauthentication', code: codeIn(mail), to: { email: address } });
      }
    }
  }

  /** Reads the new text messages. */
  async readTexts(type: string): Promise<void> {
    for (const { user, sms } of await this.project.texts()) {
      if (sms.sms_type !== 'mfa') this.codes.push({ type, code: sms.otp, to: { phone: sms.phone ?? user.phone } });
      else {
        const asked = this.challenges.at(-1);
        if (asked) asked.code = sms.otp;
      }
    }
  }

  #keepSession(session: Session): void {
    this.sessions.push(session);
    this.#keepUser(claimsOf(session)['sub'] as string);
  }

  #keepUser(id: string): void {
    if (!this.users.includes(id)) this.users.push(id);
  }

  #keepLink(href: string): Link {
    const { searchParams } = new URL(href);
    const link = { href, hash: searchParams.get('token') ?? '', type: searchParams.get('type') ?? '' };
    this.links.push(link);
    return link;
  }

  #learn(route: string, { body: sent }: CallOptions, answer: Received): void {
    const body: Contents = typeof answer.body === 'object' ? (answer.body ?? {}) : {};
    const redirect: Contents = Object.fromEntries(parametersOf(answer));
    for (const { access_token: accessToken, refresh_token: refreshToken } of [body, redirect])
      if (accessToken && refreshToken) this.#keepSession({ accessToken, refreshToken });
    if (redirect.code) this.authCodes.push(redirect.code);
    const { id = '', type } = body;
    if (body.aud) this.#keepUser(id);
    if (body.totp) this.factors.push(factorOf(this.project, { id, totp: body.totp }));
    else if (type === 'phone' && body.phone) this.factors.push({ id });
    if (type && body.expires_at) this.challenges.push({ id, factorId: route.split('/')[2] ?? '' });
    if (body.action_link && body.email_otp) {
      const link = this.#keepLink(body.action_link);
      const { email, new_email: newEmail } = sent as { email: string; new_email: string };
      const to = { email: body.verification_type === 'email_change_new' ? newEmail : email };
      this.codes.push({ type: link.type, code: body.email_otp, to });
    }
  }
}

/** What a response can contain for later steps to use. */
interface Contents {
  access_token?: string;
  refresh_token?: string;
  code?: string;
  id?: string;
  aud?: string;
  type?: string;
  totp?: { secret: string };
  phone?: string;
  expires_at?: number;
  action_link?: string;
  email_otp?: string;
  verification_type?: string;
}

/** Returns the entry `back` places from the end of a list. Wraps around if the list is shorter. */
function reach<Entry>(list: Entry[], back: number): Entry | undefined {
  return list.at(-1 - (list.length === 0 ? 0 : back % list.length));
}

/** A kind of step: its random choices, and the call it makes. It makes no call if there's nothing to use yet. */
interface Move<Choices> {
  /** How often the step is chosen. */
  weight: number;
  choices: { [Name in keyof Choices]: fc.Arbitrary<Choices[Name]> };
  take(walk: Walk, choices: Choices): Promise<unknown>;
}

function move<Choices>(
  weight: number,
  choices: Move<Choices>['choices'],
  take: (walk: Walk, choices: Choices) => Promise<unknown>,
): Move<Choices> {
  return { weight, choices, take };
}

/** A move that uses the session `back` places from the newest. */
function inSession<Choices>(
  weight: number,
  choices: Move<Choices>['choices'],
  take: (walk: Walk, session: Session, choices: Choices) => Promise<unknown>,
): Move<Choices & { session: number }> {
  return {
    weight,
    choices: { session: back, ...choices } as Move<Choices & { session: number }>['choices'],
    take: async (walk, { session, ...rest }) => {
      const as = reach(walk.sessions, session);
      if (as) await take(walk, as, rest as Choices);
    },
  };
}

const challengeOf = (pkce: boolean) =>
  pkce ? { code_challenge: codeChallenge, code_challenge_method: 's256' } : undefined;

const moves = {
  signUp: move(4, { email, password, pkce }, async (walk, { email, password, pkce }) => {
    if (await walk.send('POST /signup', { body: { email: walk.project.email(email), password, ...challengeOf(pkce) } }))
      await walk.readMails(email);
  }),
  signUpByPhone: move(1, { phone, password }, async (walk, { phone, password }) => {
    if (await walk.send('POST /signup', { body: { phone: walk.project.phone(phone), password } }))
      await walk.readTexts('sms');
  }),
  signUpAnonymously: move(1, {}, (walk) => walk.send('POST /signup', { body: {} })),
  signIn: move(8, { email, password }, (walk, { email, password }) =>
    walk.send('POST /token?grant_type=password', { body: { email: walk.project.email(email), password } }),
  ),
  signInByPhone: move(1, { phone, password }, (walk, { phone, password }) =>
    walk.send('POST /token?grant_type=password', { body: { phone: walk.project.phone(phone), password } }),
  ),
  refresh: inSession(8, {}, (walk, { refreshToken }) =>
    walk.send('POST /token?grant_type=refresh_token', { body: { refresh_token: refreshToken } }),
  ),
  signOut: inSession(3, { scope: fc.constantFrom('global', 'local', 'others') }, (walk, as, { scope }) =>
    walk.send(`POST /logout?scope=${scope}`, { as }),
  ),
  getUser: inSession(5, {}, (walk, as) => walk.send('GET /user', { as })),
  changePassword: inSession(
    7,
    { password, nonce: rarely, current: fc.option(password, { nil: undefined }) },
    async (walk, as, { password, nonce, current }) => {
      const code = walk.codes.findLast(({ type }) => type === 'reauthentication')?.code;
      const more = { ...(nonce && code && { nonce: code }), ...(current && { current_password: current }) };
      await walk.send('PUT /user', { as, body: { password, ...more } });
    },
  ),
  changeEmail: inSession(4, { email, pkce }, async (walk, as, { email, pkce }) => {
    if (await walk.send('PUT /user', { as, body: { email: walk.project.email(email), ...challengeOf(pkce) } }))
      await walk.readMails(...emails);
  }),
  changePhone: inSession(3, { phone }, async (walk, as, { phone }) => {
    if (await walk.send('PUT /user', { as, body: { phone: walk.project.phone(phone) } }))
      await walk.readTexts('phone_change');
  }),
  changeData: inSession(1, { likes: fc.constantFrom<Json>('tea', 'coffee', null) }, (walk, as, { likes }) =>
    walk.send('PUT /user', { as, body: { data: { likes } } }),
  ),
  recover: move(6, { email, pkce }, async (walk, { email, pkce }) => {
    if (await walk.send('POST /recover', { body: { email: walk.project.email(email), ...challengeOf(pkce) } }))
      await walk.readMails(email);
  }),
  askForMagicLink: move(2, { email, pkce }, async (walk, { email, pkce }) => {
    if (await walk.send('POST /magiclink', { body: { email: walk.project.email(email), ...challengeOf(pkce) } }))
      await walk.readMails(email);
  }),
  askForOtp: move(2, { email, pkce, create: fc.boolean() }, async (walk, { email, pkce, create }) => {
    const body = { email: walk.project.email(email), create_user: create, ...challengeOf(pkce) };
    if (await walk.send('POST /otp', { body })) await walk.readMails(email);
  }),
  askForOtpByPhone: move(2, { phone, create: fc.boolean() }, async (walk, { phone, create }) => {
    if (await walk.send('POST /otp', { body: { phone: walk.project.phone(phone), create_user: create } }))
      await walk.readTexts('sms');
  }),
  resend: move(1, { email, type: fc.constantFrom('signup', 'email_change') }, async (walk, { email, type }) => {
    if (await walk.send('POST /resend', { body: { type, email: walk.project.email(email) } }))
      await walk.readMails(...emails);
  }),
  resendByPhone: move(1, { phone, type: fc.constantFrom('sms', 'phone_change') }, async (walk, { phone, type }) => {
    if (await walk.send('POST /resend', { body: { type, phone: walk.project.phone(phone) } }))
      await walk.readTexts(type);
  }),
  reauthenticate: inSession(2, {}, async (walk, as) => {
    if (!(await walk.send('GET /reauthenticate', { as }))) return;
    await walk.readMails(...emails);
    await walk.readTexts('reauthentication');
  }),
  followLink: move(8, { link: back }, async (walk, { link }) => {
    const { href } = reach(walk.links, link) ?? {};
    if (href) await walk.send(`GET ${href}`);
  }),
  verifyHash: move(3, { link: back, foreignType: rarely }, async (walk, { link, foreignType }) => {
    const { hash, type } = reach(walk.links, link) ?? {};
    if (hash && type)
      await walk.send('POST /verify', { body: { type: foreignType ? 'email' : type, token_hash: hash } });
  }),
  typeCode: move(5, { code: back, wrong: rarely, foreignType: rarely }, async (walk, { code, wrong, foreignType }) => {
    const known = reach(walk.codes, code);
    if (!known) return;
    const { type, to } = known;
    const token = wrong ? '000000' : known.code;
    await walk.send('POST /verify', { body: { type: foreignType ? 'recovery' : type, token, ...to } });
  }),
  exchange: move(5, { authCode: back, wrong: rarely }, async (walk, { authCode, wrong }) => {
    const code = reach(walk.authCodes, authCode);
    const body = { auth_code: code ?? '', code_verifier: wrong ? `${verifier}?` : verifier };
    if (code) await walk.send('POST /token?grant_type=pkce', { body });
  }),
  enrollTotp: inSession(5, { name: fc.constantFrom('app', 'tablet') }, (walk, as, { name }) =>
    walk.send('POST /factors', { as, body: { factor_type: 'totp', friendly_name: name } }),
  ),
  enrollPhone: inSession(2, { name: fc.constantFrom('mobile', 'app'), phone }, (walk, as, { name, phone }) =>
    walk.send('POST /factors', {
      as,
      body: { factor_type: 'phone', friendly_name: name, phone: walk.project.phone(phone) },
    }),
  ),
  challenge: inSession(7, { factor: back }, async (walk, as, { factor }) => {
    const { id } = reach(walk.factors, factor) ?? {};
    if (!id) return;
    if (await walk.send(`POST /factors/${id}/challenge`, { as, body: {} })) await walk.readTexts('mfa');
  }),
  verify: inSession(
    10,
    {
      challenge: back,
      code: fc.oneof(
        { weight: 4, arbitrary: fc.constant('right' as const) },
        { weight: 1, arbitrary: fc.constantFrom('wrong' as const, 'old' as const) },
      ),
      foreignFactor: rarely,
      foreignAddress: rarely,
    },
    async (walk, as, { challenge, code: kind, foreignFactor, foreignAddress }) => {
      const asked = reach(walk.challenges, challenge);
      if (!asked) return;
      // Lets a second pass, so that the new claim is the newest. Claims are sorted by whole seconds.
      await walk.project.pass('1s');
      const factor = walk.factors.find(({ id }) => id === asked.factorId);
      const codes =
        factor && 'code' in factor
          ? { right: factor.code(), wrong: factor.wrongCode(), old: factor.code(-4) }
          : { right: asked.code, wrong: '000000', old: walk.challenges.find(({ code }) => code)?.code };
      const id = foreignFactor ? reach(walk.factors, 1)?.id : asked.factorId;
      await walk.send(`POST /factors/${id}/verify`, {
        as,
        body: { challenge_id: asked.id, code: codes[kind] ?? '123456' },
        ...(foreignAddress && { headers: { 'x-forwarded-for': '203.0.113.1' } }),
      });
    },
  ),
  unenroll: inSession(3, { factor: back }, async (walk, as, { factor }) => {
    const { id } = reach(walk.factors, factor) ?? {};
    if (id) await walk.send(`DELETE /factors/${id}`, { as });
  }),
  adminCreates: move(1, { email, password }, (walk, { email, password }) =>
    walk.send('POST /admin/users', {
      as: 'service',
      body: { email: walk.project.email(email), password, email_confirm: true },
    }),
  ),
  adminChanges: move(
    2,
    {
      user: back,
      change: fc.oneof(
        password.map((password) => ({ password })),
        email.map((email) => ({ email })),
        phone.map((phone) => ({ phone })),
        fc.constantFrom({ ban_duration: '24h' }, { ban_duration: 'none' }, { email_confirm: true }),
      ),
    },
    async (walk, { user, change }) => {
      const id = reach(walk.users, user);
      const body = {
        ...change,
        ...('email' in change && { email: walk.project.email(change.email) }),
        ...('phone' in change && { phone: walk.project.phone(change.phone) }),
      };
      if (id) await walk.send(`PUT /admin/users/${id}`, { as: 'service', body });
    },
  ),
  adminShows: move(1, { user: back }, async (walk, { user }) => {
    const id = reach(walk.users, user);
    if (id) await walk.send(`GET /admin/users/${id}`, { as: 'service' });
  }),
  adminDeletes: move(1, { user: back, softly: fc.boolean() }, async (walk, { user, softly }) => {
    const id = reach(walk.users, user);
    if (id) await walk.send(`DELETE /admin/users/${id}`, { as: 'service', body: { should_soft_delete: softly } });
  }),
  adminDeletesFactor: move(1, { user: back, factor: back }, async (walk, { user, factor }) => {
    const [userId, { id }] = [reach(walk.users, user), reach(walk.factors, factor) ?? {}];
    if (userId && id) await walk.send(`DELETE /admin/users/${userId}/factors/${id}`, { as: 'service' });
  }),
  generateLink: move(
    5,
    {
      email,
      type: fc.constantFrom(
        'signup',
        'invite',
        'magiclink',
        'recovery',
        'recovery',
        'email_change_current',
        'email_change_new',
      ),
      newEmail: email,
      password,
    },
    (walk, { email, type, newEmail, password }) => {
      const body = { type, email: walk.project.email(email), new_email: walk.project.email(newEmail), password };
      return walk.send('POST /admin/generate_link', { as: 'service', body });
    },
  ),
  invite: move(1, { email }, async (walk, { email }) => {
    if (await walk.send('POST /invite', { as: 'service', body: { email: walk.project.email(email) } }))
      await walk.readMails(email);
  }),
  /**
   * A few of these durations never add up to within seconds of a limit of the server. Otherwise, the seconds that a run
   * takes could decide whether the limit is reached.
   */
  advance: move(4, { duration: fc.constantFrom('15s', '61s', '301s', '3601s', '25h') }, (walk, { duration }) =>
    walk.project.advance(duration),
  ),
};

/** A step of a sequence: its move, and the choices for it. */
export type Turn = [move: keyof typeof moves, choices: object];

function step(name: keyof typeof moves): fc.Arbitrary<Turn> {
  const choices = moves[name].choices as { [name: string]: fc.Arbitrary<unknown> };
  return fc.tuple(fc.constant(name), fc.record(choices));
}

const single = fc.oneof(
  ...Object.entries(moves).map(([name, { weight }]) => ({ weight, arbitrary: step(name as keyof typeof moves) })),
);

/** Steps that achieve something together and would rarely occur in this order by chance. */
const phrases: Turn[][] = [
  [
    ['enrollTotp', { session: 0, name: 'app' }],
    ['challenge', { session: 0, factor: 0 }],
    ['verify', { session: 0, challenge: 0, code: 'right' }],
  ],
  [
    ['enrollPhone', { session: 0, name: 'mobile', phone: 1 }],
    ['challenge', { session: 0, factor: 0 }],
    ['verify', { session: 0, challenge: 0, code: 'right' }],
  ],
  [
    ['challenge', { session: 0, factor: 0 }],
    ['verify', { session: 0, challenge: 0, code: 'right' }],
  ],
  [
    ['recover', { email: 'ada' }],
    ['followLink', { link: 0 }],
  ],
  [
    ['recover', { email: 'ada', pkce: true }],
    ['followLink', { link: 0 }],
    ['exchange', { authCode: 0 }],
  ],
  [
    ['signIn', { email: 'ada', password: passwords[0] }],
    ['changePassword', { session: 0, password: passwords[1], current: passwords[0] }],
  ],
  [
    ['advance', { duration: '25h' }],
    ['refresh', { session: 0 }],
    ['reauthenticate', { session: 0 }],
    ['changePassword', { session: 0, password: passwords[1], current: passwords[0], nonce: true }],
  ],
];

/** Generates sequences of at least `minimum` steps after a sign-up. */
export function sequences(minimum: number, maximum: number): fc.Arbitrary<Turn[]> {
  const part = fc.oneof(
    { weight: 6, arbitrary: single.map((step) => [step]) },
    { weight: 1, arbitrary: fc.constantFrom(...phrases) },
  );
  const start: Turn = ['signUp', { email: 'ada', password: passwords[0] }];
  return fc
    .array(part, { minLength: minimum, maxLength: maximum, size: 'max' })
    .map((parts) => [start, ...parts.flat()]);
}

/** Returns the steps of a scenario that takes this sequence. */
export function walk(steps: Turn[]): (project: Client) => Promise<void> {
  return async (project) => {
    const walk = new Walk(project);
    for (const step of steps) await walk.take(step);
  };
}

/** The settings for random sequences. */
export const settings = fc
  .constantFrom('default' as const, 'unhurried' as const, 'unhurried-strict' as const)
  .map((name) => profiles[name].config);
