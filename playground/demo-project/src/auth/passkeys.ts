/** Passkeys: finding and deleting them, and the level that changing them needs. */

import { timestamp } from '../go/time.ts';
import { parseUuid } from '../go/uuid.ts';
import type { Passkey, User } from '../store.ts';
import { audit } from './audit.ts';
import { AuthError } from './errors.ts';
import { hasMfa } from './factors.ts';
import type { Actor, Call, Caller, Project } from './project.ts';

const unknown = () => new AuthError(404, 'validation_failed', 'Passkey not found');

/** Returns the id in the path. @throws AuthError 404 */
export function passkeyInPath({ params }: Call): string {
  const id = parseUuid(params['passkey_id'] ?? '');
  if (!id) throw unknown();
  return id;
}

/** Returns the passkey with this id, which must belong to this user. @throws AuthError 404 */
export function findPasskey({ store }: Project, user: User, id: string): Passkey {
  const passkey = store.passkeys.get(id);
  if (passkey?.userId !== user.id) throw unknown();
  return passkey;
}

/** Serializes a passkey for lists. */
export function passkeyJson({ id, friendlyName, createdAt, lastUsedAt }: Passkey): { [key: string]: unknown } {
  return {
    id,
    friendly_name: friendlyName,
    created_at: timestamp(createdAt),
    last_used_at: lastUsedAt === undefined ? undefined : timestamp(lastUsedAt),
  };
}

/** Returns the user's passkeys, oldest first. */
export function listPasskeys({ store }: Project, user: User): unknown[] {
  return store.passkeys.where('user', user.id).map(passkeyJson);
}

/** Requires aal2 if the user can reach it. @throws AuthError 403 `insufficient_aal` */
export function checkLevel(project: Project, { user, session }: Caller): void {
  if (!hasMfa(project, user) || session?.aal === 'aal2') return;
  const message = 'AAL2 session is required to manage passkeys when MFA is enabled';
  throw new AuthError(403, 'insufficient_aal', message);
}

/** Deletes the user's passkey in the path. @throws AuthError 404 */
export function deletePasskey(call: Call, user: User, actor: Actor): Response {
  const { project } = call;
  const passkey = findPasskey(project, user, passkeyInPath(call));
  project.store.passkeys.delete(passkey);
  audit(call, actor, 'passkey_deleted', { passkey_id: passkey.id, ...(actor !== user && { user_id: user.id }) });
  return new Response(null, { status: 204 });
}
