/**
 * Explains an access token. Its claims are those that were recorded from Supabase Auth v2.196. The names of methods in
 * `amr` are from Auth's source (internal/models/factor.go).
 */
import { pages } from '../book/pages.ts';
import { type Finding, shown } from './finding.ts';
import { distance, utc } from './time.ts';

type Fields = Record<string, unknown>;

const methods: Record<string, string> = {
  password: 'the password, or a sign-up with one',
  otp: 'a link or code from an email: reset, magic link or sign-up',
  recovery: 'a reset link, in the PKCE flow',
  magiclink: 'a magic link, in the PKCE flow',
  'email/signup': 'a sign-up link, in the PKCE flow',
  email_change: 'the link of an email change, in the PKCE flow',
  invite: 'an invitation, in the PKCE flow',
  oauth: 'another provider, with OAuth',
  'sso/saml': 'single sign-on (SSO), with SAML',
  anonymous: 'an anonymous sign-in',
  passkey: 'a passkey: one factor, so aal1',
  totp: 'a code from an authenticator app, as the second factor',
  'mfa/phone': 'a code by text message, as the second factor',
  'mfa/webauthn': 'a security key or passkey, as the second factor',
};

/** Matches the three parts of a token that starts as JSON does in base64url. */
export const tokenPattern = /(?<![\w-])eyJ[\w-]*\.[\w-]*={0,2}(?:\.[\w-]*={0,2})?/g;

/** Reads a token. For a damaged token, the finding names the damaged part. `now` is in seconds. */
export function readToken(token: string, now: number): Finding {
  const [header = '', claims = '', signature = ''] = token.split('.');
  try {
    return readClaims(json(claims, 'second'), now, `${json(header, 'first')['alg']}`, signature !== '');
  } catch (error) {
    return {
      title: 'A token that can’t be decoded',
      state: 'refused',
      says: [['Problem', error instanceof Error ? error.message : String(error)]],
      why: 'A token has three parts with dots between them. One of them is damaged: the token was cut, wrapped or changed.',
      todo: 'Copy the whole token again: `(await supabase.auth.getSession()).data.session.access_token`. Auth refuses a damaged one with 403 `bad_jwt`.',
      links: [pages.errors],
    };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function json(part: string, which: string): Fields {
  let text: string;
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    text = utf8.decode(bytes);
  } catch {
    throw new Error(`The ${which} part isn’t base64url.`);
  }
  try {
    return { ...JSON.parse(text) } as Fields;
  } catch {
    throw new Error(`The ${which} part isn’t JSON: ${shown(text)}`);
  }
}

/** Reads the claims of a token. `signed` says whether it has a signature, which isn't verified. */
export function readClaims(claims: Fields, now: number, algorithm = 'unknown', signed = false): Finding {
  const { aal, role } = claims;
  const exp = Number.isFinite(claims['exp']) ? (claims['exp'] as number) : undefined;
  const expired = exp !== undefined && exp <= now;
  const signature = signed ? `${algorithm}, not verified here. Anyone can write a token that says this` : 'none';
  if (aal !== 'aal1' && aal !== 'aal2') return otherToken(claims, exp, now, signature);

  const used = Array.isArray(claims['amr']) ? (claims['amr'] as unknown[]) : [];
  const mailed = used.some((entry) => isUse(entry) && ['otp', 'recovery', 'magiclink'].includes(entry.method));
  return {
    title: `Access token of an ${aal} session${expired ? ', expired' : ''}`,
    state: expired ? 'none' : aal,
    says: [
      [
        'aal',
        aal === 'aal1'
          ? '`aal1`: the user had proved one factor in this session'
          : '`aal2`: the user had proved a second factor in this session',
      ],
      ['amr', used.map((entry) => readUse(entry, now))],
      ['exp', exp === undefined ? 'missing' : `${expired ? 'expired' : 'expires'} ${distance(exp, now)} (${utc(exp)})`],
      ['session_id', `\`${shown(claims['session_id'])}\`: the session, the same after a refresh and after a code`],
      ['sub', `\`${shown(claims['sub'])}\`: the user${claims['email'] ? `, ${shown(claims['email'])}` : ''}`],
      ['iss', issuer(claims)],
      ['role', `\`${shown(role)}\`: the database role of requests with this token`],
      ['is_anonymous', claims['is_anonymous'] === true ? 'yes, a user without an email address or a password' : 'no'],
      ['Signature', signature],
    ],
    ...advice(aal, mailed, expired),
  };
}

/** Returns who issued a token. Auth's own tokens always name an issuer. */
function issuer({ iss }: Fields): string {
  return iss === undefined ? 'missing' : `\`${shown(iss)}\`: the Auth server that issued it`;
}

/** Whether this is an entry of `amr` as Auth writes it. */
function isUse(entry: unknown): entry is { method: string; timestamp: number } {
  const { method, timestamp } = (entry ?? {}) as Fields;
  return typeof method === 'string' && Number.isFinite(timestamp);
}

function readUse(entry: unknown, now: number): string {
  if (!isUse(entry)) return `\`${shown(entry)}\`: Auth writes a method and a time instead`;
  const { method, timestamp } = entry;
  const meaning = Object.hasOwn(methods, method) ? methods[method] : 'a method that this guide doesn’t know';
  return `\`${shown(method)}\`, ${distance(timestamp, now)} (${utc(timestamp)}): ${meaning}`;
}

function advice(aal: 'aal1' | 'aal2', mailed: boolean, expired: boolean): Pick<Finding, 'why' | 'todo' | 'links'> {
  if (expired) {
    return {
      why: 'An access token works for a fixed time, one hour by default. After that Auth answers 403 `bad_jwt`.',
      todo: 'The session may still be good: `supabase.auth.refreshSession()` gets new tokens at the same level.',
      links: [pages.timeLimits],
    };
  }
  if (aal === 'aal2') {
    return {
      why: 'The user verified a second factor in this session. Auth checks the stored session, not the token; they differ after that factor is removed.',
      todo: 'This session can change the password. If Auth still answers `insufficient_aal`, verify a factor again.',
      links: [pages.serverChecks],
    };
  }
  return {
    why: `${mailed ? 'A link or code from an email proves one thing: that the user can read that inbox.' : 'The user proved one factor.'} If the user has a verified second factor, \`updateUser({ password })\` answers 401 \`insufficient_aal\`.`,
    todo: 'Verify a factor in this same session with `mfa.challengeAndVerify()`. A user without a verified factor can change the password right away.',
    links: [pages.flow],
  };
}

/** Reads a token without `aal`: an API key, or a token from another server. */
function otherToken(claims: Fields, exp: number | undefined, now: number, signature: string): Finding {
  const { role } = claims;
  const says: Finding['says'] = [
    ['role', role === undefined ? 'missing' : `\`${shown(role)}\``],
    ['iss', issuer(claims)],
    [
      'exp',
      exp === undefined ? 'missing' : `${exp <= now ? 'expired' : 'expires'} ${distance(exp, now)} (${utc(exp)})`,
    ],
    ['Signature', signature],
  ];
  if (role === 'service_role') {
    return {
      title: 'Service key of a project',
      state: 'refused',
      says,
      why: 'It bypasses every row level security (RLS) policy and can change every user.',
      todo: 'Keep it on your server. If it ever reached a browser, a repository or a chat, replace it in the project’s settings.',
      links: [],
    };
  }
  if (role === 'anon') {
    return {
      title: 'Public (anon) key of a project',
      state: 'none',
      says,
      why: 'It names the project but no user. Where Auth needs a user, it answers 403 `bad_jwt`, "missing sub claim".',
      todo: 'To see what a user may do, paste the access token of a session instead.',
      links: [],
    };
  }
  return {
    title: 'A token that isn’t a Supabase access token',
    state: 'none',
    says,
    why: 'It has no `aal` claim. Every access token from Supabase Auth has one, unless a custom access token hook removes it.',
    todo: 'Check where it comes from: `iss` names the server that issued it.',
    links: [],
  };
}
