/** Access for servers that have the service key. */

import { nilUuid, parseUuid } from '../go/uuid.ts';
import type { User } from '../store.ts';
import { AuthError } from './errors.ts';
import type { Actor, Call } from './project.ts';
import { endOfSession, findCaller } from './sessions.ts';
import { bearerClaims } from './tokens.ts';

/** Returns the actor that the log names for an admin's actions. @throws AuthError 401, 403 `not_admin` */
export async function requireAdmin(call: Call): Promise<Actor> {
  if (call.admin) return call.admin;
  const claims = await bearerClaims(call);
  call.claims = claims;
  const { session_id: sessionId = '', role } = claims;
  if (sessionId !== '' && sessionId !== nilUuid) {
    const { user, session } = findCaller(call);
    if (session && endOfSession(call.project, user, session))
      throw new AuthError(403, 'session_expired', 'Session is no longer valid');
  }
  if (role === 'service_role') {
    call.admin = { id: nilUuid, email: role, phone: '', userMetadata: {} };
    return call.admin;
  }
  const reason = 'this token needs to have one of the following roles: service_role';
  throw new AuthError(403, 'not_admin', 'User not allowed', { reason });
}

/** Returns the user in the path. @throws AuthError 404 */
export function userInPath(call: Call): User {
  if (call.userInPath) return call.userInPath;
  const id = parseUuid(call.params['user_id'] ?? '');
  if (!id) throw new AuthError(404, 'validation_failed', 'user_id must be an UUID');
  call.logged['user_id'] = id;
  const user = call.project.store.users.get(id);
  if (!user) throw new AuthError(404, 'user_not_found', 'User not found');
  call.userInPath = user;
  return user;
}
