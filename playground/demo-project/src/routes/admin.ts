import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { normalizeEmail, normalizePhone } from '../auth/addresses.ts';
import { requireAdmin, userInPath } from '../auth/admin.ts';
import { audit } from '../auth/audit.ts';
import { confirmEmail, confirmPhone } from '../auth/confirmations.ts';
import { checkText, mapAdminErrors } from '../auth/database-errors.ts';
import { AuthError, failure, invalid, Panic, UnhandledError } from '../auth/errors.ts';
import { deleteFactor, factorOf, lowerSessions } from '../auth/factors.ts';
import { audienceOf, emailTaken, findByPhone, findDuplicate, phoneTaken } from '../auth/find-user.ts';
import { identityOf, setIdentity } from '../auth/identities.ts';
import { dropTokens } from '../auth/one-time-tokens.ts';
import { deletePasskey, listPasskeys } from '../auth/passkeys.ts';
import { hashPassword, isBcrypt } from '../auth/password-hashes.ts';
import { checkStrength, randomPassword, storePassword } from '../auth/passwords.ts';
import { type Call, newId, type Project } from '../auth/project.ts';
import { confirmedAt, factorsOf, serializeFactor, serializeUser } from '../auth/serialize.ts';
import { endSessions } from '../auth/sessions.ts';
import { checkUnique, createIdentity, createUser, merge } from '../auth/users.ts';
import { toBase64Url } from '../go/base64.ts';
import { milliseconds } from '../go/duration.ts';
import type { Params } from '../go/json.ts';
import { quote } from '../go/quote.ts';
import { nilUuid, parseUuid } from '../go/uuid.ts';
import { readBody } from '../http/json-body.ts';
import type { Identity, User } from '../store.ts';

const userStruct = {
  name: 'AdminUserParams',
  fields: {
    id: 'string',
    aud: 'string',
    role: 'string',
    email: 'string',
    phone: 'string',
    password: '*string',
    password_hash: 'string',
    email_confirm: 'bool',
    phone_confirm: 'bool',
    user_metadata: 'map[string]interface {}',
    app_metadata: 'map[string]interface {}',
    ban_duration: 'string',
  },
} as const;
const deleteStruct = { name: 'adminUserDeleteParams', fields: { should_soft_delete: 'bool' } } as const;
const factorStruct = {
  name: 'adminUserUpdateFactorParams',
  fields: { friendly_name: 'string', phone: 'string' },
} as const;

/** `GET /admin/users`: newest first, 50 per page. Takes `page`, `per_page`, `sort`, and `filter`, as Auth does. */
export async function listUsers(call: Call): Promise<unknown> {
  await requireAdmin(call);
  const { store } = call.project;
  const url = new URL(call.request.url);
  const query = url.searchParams;
  const isAscending = sortOf(query);
  const page = readCount(query.get('page') || '1');
  const perPage = readCount(query.get('per_page') || '50');
  const aud = audienceOf(call);
  const filter = query.get('filter') ?? '';
  const isFound = (user: User) => user.aud === aud && (filter === '' || matches(user, filter));
  const all = store.users.rows();
  const users = store.users.count('aud', aud) === all.length && filter === '' ? all : all.filter(isFound);
  // Auth divides by this.
  if (perPage === 0) throw new Panic('runtime error: integer divide by zero');
  const from = (Math.max(page, 1) - 1) * perPage;
  const shown = isAscending
    ? users.slice(from, from + perPage)
    : users.slice(Math.max(users.length - from - perPage, 0), Math.max(users.length - from, 0)).reverse();
  const last = Math.ceil(users.length / perPage);
  const link = (to: number, rel: string) => {
    query.set('page', String(to));
    query.sort();
    return `<${call.path}?${query}>; rel="${rel}"`;
  };
  call.headers.set('link', [...(last > page ? [link(page + 1, 'next')] : []), link(last, 'last')].join(', '));
  call.headers.set('x-total-count', String(users.length));
  return { users: shown.map((user) => serializeUser(call.project, user, { identities: null, factors: [] })), aud };
}

/** Returns whether the oldest users come first. */
function sortOf(query: URLSearchParams): boolean {
  const directions = query.getAll('sort').map((sort) => {
    const [, field = '', direction] = /^([^ ]*)(?: (.*))?$/s.exec(sort) ?? [];
    const bad = (problem: string) => invalid(`Bad Sort Parameters: ${problem}`);
    if (field !== 'created_at') throw bad(`bad field for sort '${field}'`);
    if (direction !== undefined && !/^(asc|desc)$/i.test(direction))
      throw bad(`bad direction for sort '${direction}', only 'asc' and 'desc' allowed`);
    return direction?.toLowerCase();
  });
  return directions[0] === 'asc';
}

function readCount(text: string): number {
  const problem = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) >= 2 ** 64 ? 'value out of range' : undefined;
  if (problem) {
    const message = `strconv.ParseUint: parsing ${quote(text)}: ${problem}`;
    throw new AuthError(400, 'validation_failed', `Bad Pagination Parameters: ${message}`, { cause: message });
  }
  return Number(text);
}

/** Matches like SQL's `LIKE`: the address with its case, the name in any case. */
function matches({ email, userMetadata }: User, filter: string): boolean {
  const pattern = filter
    .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  const { full_name: name } = userMetadata;
  return new RegExp(pattern, 's').test(email) || (typeof name === 'string' && new RegExp(pattern, 'is').test(name));
}

/** `GET /admin/users/{user_id}` */
export async function showAnyUser(call: Call): Promise<unknown> {
  await requireAdmin(call);
  return serializeUser(call.project, userInPath(call));
}

type UserParams = Params<typeof userStruct>;

/** `POST /admin/users` */
export async function addUser(call: Call): Promise<unknown> {
  const { project } = call;
  const { store } = project;
  const admin = await requireAdmin(call);
  const params = readBody(call, userStruct);
  if (params.email === '' && params.phone === '')
    throw invalid('Cannot create a user without either an email or phone');
  const aud = params.aud || audienceOf(call);
  const email = params.email === '' ? '' : normalizeEmail(params.email);
  if (email !== '' && findDuplicate(call, email, undefined, aud)) throw emailTaken();
  const phone = params.phone === '' ? '' : normalizePhone(params.phone);
  if (phone !== '' && findByPhone(call, phone, aud))
    throw phoneTaken('Phone number already registered by another user');
  if (params.password !== undefined && params.password_hash !== '')
    throw invalid('Only a password or a password hash should be provided');
  const password = params.password || randomPassword();
  if (new TextEncoder().encode(password).length > 72) throw new Panic('bcrypt: password length exceeds 72 bytes');
  const passwordHash = params.password_hash === '' ? hashPassword(password) : checkHash(params.password_hash);
  const id = params.id === '' ? newId() : parseUuid(params.id);
  if (!id) throw invalid('ID must conform to the uuid v4 format');
  if (id === nilUuid) throw invalid('ID cannot be a nil uuid');
  const providers: Identity['provider'][] = [
    ...(email ? ['email' as const] : []),
    ...(phone ? ['phone' as const] : []),
  ];
  const [provider = 'email'] = providers;
  const ban = banOf(project, params);

  return mapAdminErrors('Database error creating new user', () => {
    const user = createUser(project, {
      id,
      email,
      phone,
      passwordHash,
      aud,
      role: params.role.trim() || (params.role === '' ? 'authenticated' : ''),
      appMetadata: { provider, providers },
      userMetadata: params.user_metadata ?? {},
    });
    if (email !== '') createIdentity(project, user, 'email', { email });
    if (phone !== '') createIdentity(project, user, 'phone', { phone });
    audit(call, admin, 'user_signedup', { provider, user_email: email, user_id: user.id, user_phone: phone });
    store.users.update(user, { appMetadata: merge(user.appMetadata, params.app_metadata ?? {}) });
    if (params.email_confirm) confirmEmail(project, user);
    if (params.phone_confirm) confirmPhone(project, user);
    if (ban) store.users.update(user, ban);
    return serializeUser(project, user, { confirmedAt: undefined });
  });
}

/** Accepts bcrypt hashes. For Argon2 and Firebase hashes, the user gets a random password that nobody knows. */
function checkHash(hash: string): string {
  if (isBcrypt(hash)) return hash;
  if (!/^\$(argon2|fbscrypt)/.test(hash)) throw failure('Error creating user');
  return `:${hash}`;
}

function banOf(project: Project, { ban_duration: duration }: UserParams): Pick<User, 'bannedUntil'> | undefined {
  if (duration === '') return undefined;
  try {
    const length = duration === 'none' ? 0 : milliseconds(duration);
    return { bannedUntil: length === 0 ? undefined : project.now() + length };
  } catch (error) {
    throw invalid(`invalid format for ban duration: ${(error as Error).message}`);
  }
}

/** `PUT /admin/users/{user_id}`: no MFA check, no email. A new password ends all sessions. */
export async function changeAnyUser(call: Call): Promise<unknown> {
  const { project } = call;
  const { store } = project;
  const admin = await requireAdmin(call);
  const user = userInPath(call);
  const params = readBody(call, userStruct);
  const email = params.email === '' ? '' : normalizeEmail(params.email);
  const phone = params.phone === '' ? '' : normalizePhone(params.phone);
  const ban = banOf(project, params);
  const { password } = params;
  if (password !== undefined) checkStrength(project, password);
  const passwordHash = password === undefined ? undefined : hashPassword(password);
  const shown = {
    confirmedAt: confirmedAt(user),
    identities: store.identities.where('user', user.id).map((identity) => ({ ...identity })),
  };

  return mapAdminErrors('Error updating user', () => {
    checkText(params.role);
    if (params.role !== '') store.users.update(user, { role: params.role.trim() });
    if (params.email_confirm) confirmEmail(project, user);
    if (params.phone_confirm) confirmPhone(project, user);
    if (passwordHash !== undefined) storePassword(project, user, passwordHash);
    if (email !== '') {
      addIdentity('email', { email, email_verified: params.email_confirm ?? false });
      if (user.isAnonymous && params.email_confirm) store.users.update(user, { isAnonymous: false });
      checkUnique(project, user, email, '');
      store.users.update(user, { email });
    }
    if (phone !== '') {
      addIdentity('phone', { phone, phone_verified: params.phone_confirm ?? false });
      if (user.isAnonymous && params.phone_confirm) store.users.update(user, { isAnonymous: false });
      checkUnique(project, user, '', phone);
      store.users.update(user, { phone });
    }
    const { app_metadata: appMetadata, user_metadata: userMetadata } = params;
    if (appMetadata) store.users.update(user, { appMetadata: merge(user.appMetadata, appMetadata) });
    if (userMetadata) store.users.update(user, { userMetadata: merge(user.userMetadata, userMetadata) });
    if (ban) store.users.update(user, ban);
    audit(call, admin, 'user_modified', { user_email: user.email, user_id: user.id, user_phone: user.phone });
    return serializeUser(project, user, shown);
  });

  /** The response shows a new identity, but an existing one as it was before. */
  function addIdentity(provider: Identity['provider'], data: { [key: string]: string | boolean }): void {
    if (identityOf(project, user, provider)) setIdentity(project, user, provider, data);
    else shown.identities.push({ ...createIdentity(project, user, provider, data) });
  }
}

/** `DELETE /admin/users/{user_id}`: deletes the user, or softly deletes them, which leaves an empty row. */
export async function deleteUser(call: Call): Promise<unknown> {
  const { project } = call;
  const { store } = project;
  const admin = await requireAdmin(call);
  const user = userInPath(call);
  const isSoft = call.body !== '' && readBody(call, deleteStruct).should_soft_delete === true;
  audit(call, admin, 'user_deleted', { user_email: user.email, user_id: user.id, user_phone: user.phone });
  if (isSoft && user.deletedAt !== undefined) return {};
  dropTokens(store, user);
  for (const factor of store.factors.where('user', user.id)) deleteFactor(project, factor);
  for (const passkey of store.passkeys.where('user', user.id)) store.passkeys.delete(passkey);
  endSessions(project, user);
  if (isSoft) softlyDelete(project, user);
  else {
    for (const identity of store.identities.where('user', user.id)) store.identities.delete(identity);
    store.users.delete(user);
  }
  return {};
}

/** Makes a softly deleted user's data unreadable. */
function softlyDelete({ store, now }: Project, user: User): void {
  const obscure = (id: string, value: string) => toBase64Url(sha256(utf8ToBytes(id + value)));
  store.users.update(user, {
    email: obscure(user.id, user.email),
    phone: obscure(user.id, user.phone).slice(0, 15),
    emailChange: obscure(user.id, user.emailChange),
    phoneChange: obscure(user.id, user.phoneChange).slice(0, 15),
    passwordHash: '',
    confirmationToken: '',
    recoveryToken: '',
    emailChangeTokenCurrent: '',
    emailChangeTokenNew: '',
    phoneChangeToken: '',
    deletedAt: now(),
    userMetadata: {},
    appMetadata: {},
  });
  for (const identity of store.identities.where('user', user.id))
    store.identities.patch(identity, {
      data: {},
      providerId: obscure(user.id, `${identity.provider}:${identity.providerId}`),
    });
}

/** `GET /admin/users/{user_id}/factors` */
export async function listFactors(call: Call): Promise<unknown> {
  await requireAdmin(call);
  return factorsOf(call.project, userInPath(call)).map(serializeFactor);
}

/** `PUT /admin/users/{user_id}/factors/{factor_id}` */
export async function changeFactor(call: Call): Promise<unknown> {
  const { store } = call.project;
  const admin = await requireAdmin(call);
  const user = userInPath(call);
  const factor = factorOf(call, user);
  const params = readBody(call, factorStruct);
  const others = store.factors.where('user', user.id).filter((other) => other !== factor);
  if (params.friendly_name !== '') {
    const { friendly_name: friendlyName } = params;
    if (friendlyName.trim() !== '' && others.some((other) => other.friendlyName === friendlyName))
      throw new UnhandledError(
        'ERROR: duplicate key value violates unique constraint "mfa_factors_user_friendly_name_unique" (SQLSTATE 23505)',
      );
    store.factors.update(factor, { friendlyName });
  }
  if (params.phone !== '' && factor.type === 'phone') {
    const phone = normalizePhone(params.phone);
    if (others.some((other) => other.phone === phone))
      throw new UnhandledError(
        'ERROR: duplicate key value violates unique constraint "unique_phone_factor_per_user" (SQLSTATE 23505)',
      );
    store.factors.update(factor, { phone });
  }
  audit(call, admin, 'factor_updated', { factor_id: factor.id, factor_type: factor.type, user_id: user.id });
  return serializeFactor(factor);
}

/** `DELETE /admin/users/{user_id}/factors/{factor_id}`: no email. Sessions that the factor raised fall back to aal1. */
export async function deleteAnyFactor(call: Call): Promise<unknown> {
  await requireAdmin(call);
  const user = userInPath(call);
  const factor = factorOf(call, user);
  audit(call, user, 'factor_deleted', { factor_id: factor.id, user_id: user.id });
  deleteFactor(call.project, factor);
  lowerSessions(call.project, factor);
  return serializeFactor(factor);
}

/** `GET /admin/users/{user_id}/passkeys`: works even if passkeys are turned off. */
export async function listAnyPasskeys(call: Call): Promise<unknown> {
  await requireAdmin(call);
  return listPasskeys(call.project, userInPath(call));
}

/** `DELETE /admin/users/{user_id}/passkeys/{passkey_id}` */
export async function deleteAnyPasskey(call: Call): Promise<unknown> {
  const admin = await requireAdmin(call);
  return deletePasskey(call, userInPath(call), admin);
}

/** `GET /admin/custom-providers`: always empty, because adding providers is left out. */
export function listCustomProviders({ form }: Call): object {
  const type = form.get('type') ?? '';
  if (!['', 'oauth2', 'oidc'].includes(type)) throw invalid("type must be either 'oauth2' or 'oidc'");
  return { providers: [] };
}
