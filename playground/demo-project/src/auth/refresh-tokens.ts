/** Refresh tokens, version 1. Using a token revokes it and issues its child. */

import type { RefreshToken, Session, User } from '../store.ts';
import { UnhandledError } from './errors.ts';
import type { Project } from './project.ts';

/** Issues a new refresh token, as the child of `parent`. */
export function issueRefreshToken({ store, now }: Project, session: Session, parent = ''): RefreshToken {
  const letters = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) =>
    'abcdefghijklmnopqrstuvwxyz234567'.charAt(byte % 32),
  );
  return store.refreshTokens.insert({
    id: letters.join(''),
    sessionId: session.id,
    parent,
    revoked: false,
    serial: store.nextSerial(),
    updatedAt: now(),
  });
}

/** Revokes a token and issues a new one. */
export function swapRefreshToken(project: Project, user: User, session: Session, token: RefreshToken): RefreshToken {
  project.store.refreshTokens.update(token, { revoked: true });
  project.store.users.update(user, {});
  return issueRefreshToken(project, session, token.id);
}

/** Returns the active token that was issued last. */
export function newestRefreshToken(project: Project, session: Session): RefreshToken | undefined {
  return activeTokens(project, session).at(-1);
}

/** Returns the active token that was issued first. MFA verification swaps this one. */
export function oldestRefreshToken(project: Project, session: Session): RefreshToken {
  const [oldest] = activeTokens(project, session);
  if (!oldest) throw new UnhandledError('Refresh Token not found');
  return oldest;
}

/** Revokes all refresh tokens of the session. */
export function revokeRefreshTokens(project: Project, session: Session): void {
  for (const token of activeTokens(project, session)) project.store.refreshTokens.update(token, { revoked: true });
}

function activeTokens({ store }: Project, session: Session): RefreshToken[] {
  return store.refreshTokens.where('active', session.id).sort((a, b) => a.serial - b.serial);
}
