/** The mails of Supabase Auth, in the words of its default templates. */
import { milliseconds } from '../config.ts';
import { type OneTimeTokenType, remember, type User } from '../store.ts';
import { checkFrequency } from './errors.ts';
import { keepToken, pkcePrefix, tokenHash } from './one-time-tokens.ts';
import { type Call, newId, type Project, randomDigits } from './project.ts';

type Link = 'signup' | 'invite' | 'recovery' | 'magiclink' | 'email_change';

const templates: Record<Link, { subject: string; html: (link: string, user: User) => string }> = {
  signup: {
    subject: 'Confirm your email address',
    html: (link) => `<h2>Confirm your email address</h2>

<p>Follow the link below to confirm this email address and finish signing up.</p>
<p><a href="${link}">Confirm email address</a></p>
`,
  },
  invite: {
    subject: "You've been invited",
    html: (link) => `<h2>You've been invited</h2>

<p>You've been invited to create an account. Follow the link below to accept.</p>
<p><a href="${link}">Accept invitation</a></p>`,
  },
  recovery: {
    subject: 'Reset your password',
    html: (link) => `<h2>Reset your password</h2>

<p>We received a request to reset your password. Follow the link below to choose a new one.</p>
<p><a href="${link}">Reset password</a></p>
<p>If you didn't request this, you can safely ignore this email.</p>`,
  },
  magiclink: {
    subject: 'Your sign-in link',
    html: (link) => `<h2>Your sign-in link</h2>

<p>Follow the link below to sign in. This link expires shortly and can only be used once.</p>
<p><a href="${link}">Sign in</a></p>`,
  },
  email_change: {
    subject: 'Confirm your new email address',
    html: (link, user) => `<h2>Confirm your new email address</h2>

<p>Follow the link below to confirm ${user.emailChange ?? ''} as your new email address.</p>
<p><a href="${link}">Confirm new email address</a></p>
<p>If you didn't request this change, you can safely ignore this email.</p>`,
  },
};

/** The address behind a link in a mail. A target with characters that would end it is encoded as a whole, any other not at all. */
export function verifyLink(call: Call, type: Link, hash: string): string {
  const target = /[&=#]/.test(call.redirectTo) ? encodeURIComponent(call.redirectTo) : call.redirectTo;
  return `${call.origin}/auth/v1/verify?token=${hash}&type=${type}&redirect_to=${target}`;
}

/** Sends the mail with this link. */
export function sendLink(call: Call, user: User, to: string, type: Link, hash: string): void {
  const { subject, html } = templates[type];
  send(call.project, to, subject, html(verifyLink(call, type, hash).replaceAll('&', '&amp;'), user));
}

/**
 * Makes a code for the user's address, keeps its hash and sends the mail; the caller notes when.
 * @throws AuthError 429 `over_email_send_rate_limit` when the last one is too recent
 */
export function sendCode(
  call: Call,
  user: User,
  link: 'signup' | 'recovery' | 'magiclink',
  { pkce, sentAt }: { pkce: boolean; sentAt: number | undefined },
): void {
  checkMailFrequency(call.project, sentAt);
  const hash =
    (pkce ? pkcePrefix : '') + tokenHash(user.email ?? '', randomDigits(call.project.config.auth.email.otp_length));
  const type: OneTimeTokenType = link === 'signup' ? 'confirmation_token' : 'recovery_token';
  keepToken(call.project, user, type, hash);
  sendLink(call, user, user.email ?? '', link, hash);
}

export function checkMailFrequency(project: Project, sentAt: number | undefined): void {
  checkFrequency(
    project.now(),
    sentAt,
    milliseconds(project.config.auth.email.max_frequency),
    'over_email_send_rate_limit',
  );
}

/** The mail with the digits of a reauthentication. */
export function sendReauthenticationCode(project: Project, user: User, code: string): void {
  send(
    project,
    user.email ?? '',
    `${code} is your verification code`,
    `<h2>Your verification code</h2>

<p>Use the code below to verify your identity. It expires shortly.</p>
<p>${code}</p>`,
  );
}

/** As many as Mailpit keeps. */
function send(project: Project, to: string, subject: string, html: string): void {
  remember(
    project.store.mails,
    { id: newId().replaceAll('-', '').slice(0, 22), to, subject, html, createdAt: project.now() },
    500,
  );
}
