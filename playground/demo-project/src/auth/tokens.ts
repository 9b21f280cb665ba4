/** Access tokens and API keys: JSON Web Tokens, signed with the project's secret. */
import { sign as signJwt, verify as verifyJwt } from 'hono/jwt';
import { JwtTokenExpired, JwtTokenSignatureMismatched } from 'hono/utils/jwt/types';
import type { Json, Session, User } from '../store.ts';
import { AuthError } from './errors.ts';
import type { Call, Project } from './project.ts';

export type Claims = { [key: string]: Json };

/** The session's claims, in Auth's order. `expiresAt` is in seconds. */
export function accessTokenClaims(call: Call, user: User, session: Session, aal: string, expiresAt: number): Claims {
  return {
    iss: `${call.origin}/auth/v1`,
    sub: user.id,
    aud: 'authenticated',
    exp: expiresAt,
    iat: Math.floor(call.project.now() / 1000),
    email: user.email ?? '',
    phone: user.phone ?? '',
    app_metadata: user.appMetadata,
    user_metadata: user.userMetadata,
    role: user.role,
    aal,
    amr: sortClaims(session).map(({ method, at }) => ({ method, timestamp: Math.floor(at / 1000) })),
    session_id: session.id,
    is_anonymous: user.isAnonymous,
  };
}

/** Newest first by whole seconds; a tie keeps the older order. */
function sortClaims(session: Session) {
  return [...session.claims].sort((a, b) => Math.floor(b.at / 1000) - Math.floor(a.at / 1000));
}

export function sign(project: Project, claims: Claims): Promise<string> {
  return signJwt(claims, project.config.auth.jwt_secret, 'HS256');
}

/** A key for everybody (`anon`) or for servers (`service_role`), as a local Supabase stack has them. */
export function apiKey(project: Project, role: 'anon' | 'service_role'): Promise<string> {
  return sign(project, { iss: 'supabase-demo', role, exp: 1983812996 });
}

/**
 * The claims of the request's bearer token.
 * @throws AuthError 401 `no_authorization` without one, 403 `bad_jwt` for one that is no good, in the words of golang-jwt
 */
export async function bearerClaims(call: Call): Promise<Claims> {
  const token = /^bearer\s+(\S+)$/i.exec(call.request.headers.get('authorization') ?? '')?.[1];
  if (!token) throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
  const segments = token.split('.');
  if (segments.length !== 3) throw badJwt('token is malformed: token contains an invalid number of segments');
  const header = decode(segments[0], 'header');
  decode(segments[1], 'claims');
  if (header['alg'] !== 'HS256')
    throw badJwt(`token signature is invalid: signing method ${String(header['alg'])} is invalid`);
  try {
    return (await verifyJwt(token, call.project.config.auth.jwt_secret, {
      alg: 'HS256',
      exp: false,
      iat: false,
      nbf: false,
    })) as Claims;
  } catch (error) {
    if (error instanceof JwtTokenSignatureMismatched) throw badJwt('token signature is invalid: signature is invalid');
    if (error instanceof JwtTokenExpired) throw badJwt('token has invalid claims: token is expired');
    throw error;
  }
}

/** Throws for claims whose time has passed, by the project's clock. */
export function checkExpiry(project: Project, claims: Claims): void {
  if (typeof claims['exp'] === 'number' && claims['exp'] * 1000 <= project.now())
    throw badJwt('token has invalid claims: token is expired');
}

function badJwt(reason: string): AuthError {
  return new AuthError(403, 'bad_jwt', `invalid JWT: unable to parse or verify signature, ${reason}`);
}

function decode(segment: string | undefined, part: string): Record<string, unknown> {
  try {
    const bytes = Uint8Array.from(atob((segment ?? '').replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    throw badJwt(`token is malformed: could not JSON decode ${part === 'claims' ? 'claim' : part}`);
  }
}
