import { normalizeEmail } from '../auth/addresses.ts';
import { requireAdmin } from '../auth/admin.ts';
import { audit } from '../auth/audit.ts';
import { mapDatabaseErrors } from '../auth/database-errors.ts';
import { audienceOf, emailTaken, findByEmail } from '../auth/find-user.ts';
import { sendInvite } from '../auth/mails.ts';
import type { Actor, Call } from '../auth/project.ts';
import { serializeUser } from '../auth/serialize.ts';
import { createIdentity, createUser } from '../auth/users.ts';
import { readBody } from '../http/json-body.ts';
import type { JsonObject, User } from '../store.ts';

const struct = { name: 'InviteParams', fields: { email: 'string', data: 'map[string]interface {}' } } as const;

/** `POST /invite`: creates an account without a password and sends an invitation. */
export async function postInvite(call: Call): Promise<unknown> {
  const admin = await requireAdmin(call);
  const { email: address, data } = readBody(call, struct);
  const email = normalizeEmail(address);
  const user = invite(call, admin, email, findByEmail(call, email), data);
  sendInvite(call, user);
  return serializeUser(call.project, user);
}

/**
 * Invites a user, and creates the account if there is none.
 * @throws AuthError 422 `email_exists` if the user is confirmed
 */
export function invite(call: Call, admin: Actor, email: string, known: User | undefined, data: JsonObject = {}): User {
  if (known?.emailConfirmedAt !== undefined) throw emailTaken();
  const user = known ?? createAccount(call, email, data);
  audit(call, admin, 'user_invited', { user_email: user.email, user_id: user.id });
  return user;
}

/** Creates an account that its owner didn't ask for. */
export function createAccount(call: Call, email: string, data: JsonObject, passwordHash = ''): User {
  const { project } = call;
  const appMetadata = { provider: 'email', providers: ['email'] };
  const properties = { email, passwordHash, appMetadata, userMetadata: data, aud: audienceOf(call) };
  const user = mapDatabaseErrors('Database error saving new user', () => createUser(project, properties));
  createIdentity(project, user, 'email', { email });
  return user;
}
