/** The emails of Supabase Auth, worded as in its default templates. */

import type { Values } from '../go/template.ts';
import { escapeAddress, fillIn } from '../go/template.ts';
import { queryEscape } from '../go/url-writer.ts';
import type { User } from '../store.ts';
import { keepToken, pkcePrefix, tokenHash } from './one-time-tokens.ts';
import { type Call, newId, type Project, randomDigits } from './project.ts';
import { checkEmailRateLimit } from './rate-limits.ts';

type LinkType = 'signup' | 'invite' | 'recovery' | 'magiclink' | 'email_change';

interface Template {
  subject: string;
  /** The template in Auth's syntax: `{{ .Name }}` is replaced. */
  html: string;
}

const links: Record<LinkType, Template> = {
  signup: {
    subject: 'Confirm your email address',
    html: `<h2>Confirm your email address</h2>

<p>Follow the link below to confirm this email address and finish signing up.</p>
<p><a href="{{ .ConfirmationURL }}">Confirm email address</a></p>
`,
  },
  invite: {
    subject: "You've been invited",
    html: `<h2>You've been invited</h2>

<p>You've been invited to create an account. Follow the link below to accept.</p>
<p><a href="{{ .ConfirmationURL }}">Accept invitation</a></p>`,
  },
  recovery: {
    subject: 'Reset your password',
    html: `<h2>Reset your password</h2>

<p>We received a request to reset your password. Follow the link below to choose a new one.</p>
<p><a href="{{ .ConfirmationURL }}">Reset password</a></p>
<p>If you didn't request this, you can safely ignore this email.</p>`,
  },
  magiclink: {
    subject: 'Your sign-in link',
    html: `<h2>Your sign-in link</h2>

<p>Follow the link below to sign in. This link expires shortly and can only be used once.</p>
<p><a href="{{ .ConfirmationURL }}">Sign in</a></p>`,
  },
  email_change: {
    subject: 'Confirm your new email address',
    html: `<h2>Confirm your new email address</h2>

<p>Follow the link below to confirm {{ .NewEmail }} as your new email address.</p>
<p><a href="{{ .ConfirmationURL }}">Confirm new email address</a></p>
<p>If you didn't request this change, you can safely ignore this email.</p>`,
  },
};

const notifications = {
  password_changed: {
    subject: 'Your password was changed',
    html: `<h2>Your password was changed</h2>

<p>The password for your account was recently changed.</p>
<p>If you didn't make this change, reset your password and contact support immediately.</p>
`,
  },
  email_changed: {
    subject: 'Your email address was changed',
    html: `<h2>Your email address was changed</h2>

<p>The email address for your account was changed from {{ .OldEmail }} to {{ .Email }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
`,
  },
  phone_changed: {
    subject: 'Your phone number was changed',
    html: `<h2>Your phone number was changed</h2>

<p>The phone number for your account was changed from {{ .OldPhone }} to {{ .Phone }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
`,
  },
  identity_linked: {
    subject: 'A new sign-in method was linked to your account',
    html: `<h2>A new sign-in method was linked</h2>

<p>Your {{ .Provider }} account was linked as a new sign-in method for {{ .Email }}.</p>
<p>If you didn't make this change, contact support immediately.</p>
`,
  },
  mfa_factor_enrolled: {
    subject: 'A new verification method was added to your account',
    html: `<h2>A new verification method was added</h2>

<p>Sign-in verification method {{ .FactorType }} was added to your account.</p>
<p>If you didn't make this change, contact support immediately.</p>
`,
  },
  mfa_factor_unenrolled: {
    subject: 'A verification method was removed from your account',
    html: `<h2>A verification method was removed</h2>

<p>Sign-in verification method {{ .FactorType }} was removed from your account.</p>
<p>If you didn't make this change, contact support immediately.</p>
`,
  },
} satisfies Record<string, Template>;

/**
 * Returns the URL of a link in an email. If the target contains characters that would end it, the whole target is
 * encoded. Otherwise, nothing is.
 */
export function verifyLink({ project }: Call, type: string, hash: string, target: string): string {
  const encoded = /[&=#]/.test(target) ? queryEscape(target) : target;
  return `${project.url}/auth/v1/verify?token=${hash}&type=${type}&redirect_to=${encoded}`;
}

/** Sends the email with this link, using the project's own template if it has one. */
function sendLink(call: Call, to: string, type: LinkType, { hash, code }: Token, newEmail = ''): void {
  const { site_url, email } = call.project.config.auth;
  const own = type === 'recovery' ? email.template.recovery : undefined;
  const template = { subject: own?.subject || links[type].subject, html: own?.content || links[type].html };
  send(call.project, to, template, {
    ConfirmationURL: escapeAddress(verifyLink(call, type, hash, call.redirectTo)),
    SiteURL: site_url,
    RedirectTo: call.redirectTo,
    Token: code,
    TokenHash: hash,
    Email: to,
    NewEmail: newEmail,
  });
}

/** Notifies the user of a change, if the settings turn this on and the user has an address. */
export function notify({ project }: Call, to: string, about: keyof typeof notifications, values: Values = {}): void {
  if (project.config.auth.email.notification[about].enabled && to !== '')
    send(project, to, notifications[about], values);
}

/** Sends the link that confirms a new account, and records the time. @throws AuthError 429 */
export function sendConfirmation(call: Call, user: User, pkce: boolean): void {
  checkEmailRateLimit(call.project, user.confirmationSentAt);
  const token = newToken(call, user.email, pkce);
  keepConfirmation(call, user, token.hash);
  sendLink(call, user.email, 'signup', token);
}

/** Sends the link that invites a user, and records the time. */
export function sendInvite(call: Call, user: User): void {
  const token = newToken(call, user.email, false);
  keepConfirmation(call, user, token.hash);
  call.project.store.users.update(user, { invitedAt: call.project.now() });
  sendLink(call, user.email, 'invite', token);
}

/** Stores the token that confirms the account from now on. */
export function keepConfirmation({ project: { store, now } }: Call, user: User, confirmationToken: string): void {
  store.users.update(user, { confirmationToken, confirmationSentAt: now() });
  keepToken(store, user, 'confirmation_token', confirmationToken);
}

/**
 * Sends a recovery link or magic link, and records the time. Both share one rate limit and one token.
 * @throws AuthError 429
 */
export function sendRecovery(call: Call, user: User, type: 'recovery' | 'magiclink', pkce: boolean): void {
  checkEmailRateLimit(call.project, user.recoverySentAt);
  const token = newToken(call, user.email, pkce);
  keepRecovery(call, user, token.hash);
  sendLink(call, user.email, type, token);
}

/** Stores the token that lets the user sign in once. */
export function keepRecovery({ project: { store, now } }: Call, user: User, recoveryToken: string): void {
  store.users.update(user, { recoveryToken, recoverySentAt: now() });
  keepToken(store, user, 'recovery_token', recoveryToken);
}

/**
 * Sends the links of an email change: to the new address and, with double confirmation, also to the old address.
 * @throws AuthError 429
 */
export function sendEmailChange(call: Call, user: User, email: string, pkce: boolean): void {
  const { store, config, now } = call.project;
  checkEmailRateLimit(call.project, user.emailChangeSentAt);
  const tokenNew = newToken(call, email, pkce);
  const isDouble = config.auth.email.double_confirm_changes && user.email !== '';
  const tokenCurrent = isDouble && newToken(call, user.email, pkce);
  store.users.update(user, {
    emailChange: email,
    emailChangeTokenNew: tokenNew.hash,
    ...(tokenCurrent && { emailChangeTokenCurrent: tokenCurrent.hash }),
    emailChangeConfirmStatus: 0,
    emailChangeSentAt: now(),
  });
  sendLink(call, email, 'email_change', tokenNew, email);
  if (tokenCurrent) sendLink(call, user.email, 'email_change', tokenCurrent, email);
  keepEmailChange(call, user);
}

export function keepEmailChange({ project: { store } }: Call, user: User): void {
  if (user.emailChangeTokenCurrent) keepToken(store, user, 'email_change_token_current', user.emailChangeTokenCurrent);
  if (user.emailChangeTokenNew) keepToken(store, user, 'email_change_token_new', user.emailChangeTokenNew);
}

/** Sends a reauthentication code and records the time. @throws AuthError 429 */
export function sendReauthentication({ project }: Call, user: User): void {
  const { store, config, now } = project;
  checkEmailRateLimit(project, user.reauthenticationSentAt);
  const code = randomDigits(config.auth.email.otp_length);
  const reauthenticationToken = tokenHash(user.email, code);
  store.users.update(user, { reauthenticationToken, reauthenticationSentAt: now() });
  keepToken(store, user, 'reauthentication_token', reauthenticationToken);
  const html = `<h2>Your verification code</h2>

<p>Use the code below to verify your identity. It expires shortly.</p>
<p>${code}</p>`;
  send(project, user.email, { subject: `${code} is your verification code`, html }, {});
}

/** What an email contains: a code to type, and the hash in its link, which is also what's stored. */
interface Token {
  code: string;
  hash: string;
}

function newToken({ project }: Call, address: string, pkce: boolean): Token {
  const code = randomDigits(project.config.auth.email.otp_length);
  return { code, hash: (pkce ? pkcePrefix : '') + tokenHash(address, code) };
}

function send({ store, now }: Project, to: string, { subject, html }: Template, values: Values): void {
  store.keepMail({
    id: newId().replaceAll('-', '').slice(0, 22),
    to,
    subject: fillIn(subject, values),
    html: fillIn(html, values),
    read: false,
    createdAt: now(),
  });
}
