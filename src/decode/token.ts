/**
 * What an access token says. Its claims are those that Supabase Auth v2.196 was recorded to put into it; the names of methods in `amr` are
 * those of its source (internal/models/factor.go).
 */
import { type Finding, type Link, shown } from './finding.ts';
import { distance, utc } from './time.ts';

type Fields = Record<string, unknown>;

const methods: Record<string, string> = {
  password: 'the password, or a sign-up with one',
  otp: 'a mailed link or a typed code: recovery, magic link, sign-up',
  recovery: 'a recovery link in the PKCE flow',
  magiclink: 'a magic link in the PKCE flow',
  'email/signup': 'a sign-up link in the PKCE flow',
  email_change: 'the link of an email change in the PKCE flow',
  invite: 'an invitation in the PKCE flow',
  oauth: 'another provider, by OAuth',
  'sso/saml': 'single sign-on, by SAML',
  anonymous: 'an anonymous sign-in',
  passkey: 'a passkey: one factor, so aal1',
  totp: 'a code from an authenticator, as second factor',
  'mfa/phone': 'a code by text message, as second factor',
  'mfa/webauthn': 'a security key or passkey, as second factor',
};

const stepUp: Link = { path: 'reset-a-password-with-mfa/', text: 'Reset a password with MFA' };
const whyAal1: Link = { path: 'why-a-recovery-session-is-aal1/', text: 'Why a recovery session is AAL1' };

/** The three parts of a token that starts as JSON does in base64url. */
export const tokenPattern = /(?<![\w-])eyJ[\w-]*\.[\w-]*={0,2}(?:\.[\w-]*={0,2})?/g;

/** Reads a token. What cannot be decoded is said, with the part that is at fault. `now` is in seconds. */
export function readToken(token: string, now: number): Finding {
  const [header = '', claims = '', signature = ''] = token.split('.');
  try {
    return readClaims(json(claims, 'second'), now, `${json(header, 'first')['alg']}`, signature !== '');
  } catch (error) {
    return {
      title: 'A token that cannot be decoded',
      state: 'refused',
      says: [['Read', error instanceof Error ? error.message : String(error)]],
      why: 'A token is three parts with dots between them, and the first two are JSON in base64url. Here one is not: it was cut, wrapped or changed on the way.',
      todo: 'Copy it again, whole: `(await supabase.auth.getSession()).data.session.access_token`. Auth would answer 403 `bad_jwt`.',
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
    throw new Error(`Its ${which} part is not base64url.`);
  }
  try {
    return { ...JSON.parse(text) } as Fields;
  } catch {
    throw new Error(`Its ${which} part is not JSON: ${shown(text)}`);
  }
}

/** Reads the claims of a token. `signed`: whether a signature stands behind them, which is not verified. */
export function readClaims(claims: Fields, now: number, algorithm = 'unknown', signed = false): Finding {
  const { aal, role } = claims;
  const exp = Number.isFinite(claims['exp']) ? (claims['exp'] as number) : undefined;
  const expired = exp !== undefined && exp <= now;
  const signature = signed ? `${algorithm}, not verified here: anybody can write a token that says this` : 'none';
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
          ? '`aal1`: when it was issued, one factor had been proved in its session'
          : '`aal2`: when it was issued, a second factor had been proved in its session',
      ],
      ['amr', used.map((entry) => readUse(entry, now))],
      ['exp', exp === undefined ? 'missing' : `${expired ? 'expired' : 'expires'} ${distance(exp, now)} (${utc(exp)})`],
      [
        'session_id',
        `\`${shown(claims['session_id'])}\`: the session. It stays the same when tokens are refreshed and when a factor is verified`,
      ],
      ['sub', `\`${shown(claims['sub'])}\`: the user${claims['email'] ? `, ${shown(claims['email'])}` : ''}`],
      ['iss', `\`${shown(claims['iss'])}\`: the Auth server that issued it`],
      ['role', `\`${shown(role)}\`: the database role of requests with it`],
      ['is_anonymous', claims['is_anonymous'] === true ? 'yes: a user without address or password' : 'no'],
      ['Signature', signature],
    ],
    ...advice(aal, mailed, expired),
  };
}

/** One entry of `amr`, as Auth writes it. */
function isUse(entry: unknown): entry is { method: string; timestamp: number } {
  const { method, timestamp } = (entry ?? {}) as Fields;
  return typeof method === 'string' && Number.isFinite(timestamp);
}

function readUse(entry: unknown, now: number): string {
  if (!isUse(entry)) return `\`${shown(entry)}\`: not as Auth writes it, which is a method and the time of its use`;
  const { method, timestamp } = entry;
  const meaning = Object.hasOwn(methods, method) ? methods[method] : 'a method that is not known here';
  return `\`${shown(method)}\`, ${distance(timestamp, now)} (${utc(timestamp)}): ${meaning}`;
}

function advice(aal: 'aal1' | 'aal2', mailed: boolean, expired: boolean): Pick<Finding, 'why' | 'todo' | 'link'> {
  if (expired) {
    return {
      why: 'An access token lives for a fixed time, an hour unless the project says otherwise. After that Auth answers 403 `bad_jwt`, "token is expired".',
      todo: 'The session may still live: `supabase.auth.refreshSession()` gives new tokens of it, at the same level.',
      link: whyAal1,
    };
  }
  if (aal === 'aal2') {
    return {
      why: 'A second factor was verified in this session. Auth looks at the row of the session rather than at the token, and they differ after that factor was removed.',
      todo: 'It may change the password. If Auth refuses that all the same, verify a factor again: `refreshSession()` does not help after one of two types of factors was removed.',
      link: whyAal1,
    };
  }
  return {
    why: `${mailed ? 'A mailed link or code proves one factor: that the user can read the mailbox.' : 'One factor was proved.'} If the user has a verified factor, \`updateUser({ password })\` answers 401 \`insufficient_aal\`.`,
    todo: 'Verify a factor in this same session, with `mfa.challengeAndVerify()`. A user without a verified factor may change the password at once.',
    link: stepUp,
  };
}

/** A token without `aal`: an API key, or a token of somebody else. */
function otherToken(claims: Fields, exp: number | undefined, now: number, signature: string): Finding {
  const { role } = claims;
  const says: Finding['says'] = [
    ['role', `\`${shown(role)}\``],
    ['iss', `\`${shown(claims['iss'])}\``],
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
      why: 'It passes every row level security policy and every rule of Auth.',
      todo: "It belongs on a server only. If it ever reached a browser, a repository or a chat, replace it in the project's settings.",
    };
  }
  if (role === 'anon') {
    return {
      title: 'Public (anon) key of a project',
      state: 'none',
      says,
      why: 'It names the project and no user: Auth answers 403 `bad_jwt`, "missing sub claim", where a user is needed.',
      todo: 'For what a user may do, paste the access token of the session instead.',
    };
  }
  return {
    title: 'A token that is not an access token of Supabase Auth',
    state: 'none',
    says,
    why: 'It has no `aal` claim, which every access token of Supabase Auth has unless a custom access token hook takes it out.',
    todo: 'Look at where it comes from: `iss` names the server that issued it.',
  };
}
