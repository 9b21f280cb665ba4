/** Access tokens and API keys: JSON Web Tokens (JWTs), signed with the project's secret or its signing keys. */

import { utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64Url } from '../go/base64.ts';
import { GoJsonError, parse } from '../go/json.ts';
import type { Json, JsonObject, Session, User } from '../store.ts';
import { AuthError } from './errors.ts';
import type { Claims } from './keys.ts';
import { apiKeys, claimsStruct, type JwtAlgorithm } from './keys.ts';
import type { Call, Project } from './project.ts';

/** Returns the session's claims in Auth's order. `expiresAt` is in seconds since the epoch. */
export function accessTokenClaims(
  project: Project,
  user: User,
  session: Session,
  aal: string,
  expiresAt: number,
): JsonObject {
  return {
    iss: `${project.url}/auth/v1`,
    sub: user.id,
    aud: user.aud,
    exp: expiresAt,
    iat: Math.floor(project.now() / 1000),
    email: user.email,
    phone: user.phone,
    app_metadata: user.appMetadata,
    user_metadata: user.userMetadata,
    role: user.role,
    aal,
    amr: sortClaims(session).map(({ method, at }) => ({ method, timestamp: Math.floor(at / 1000) })),
    session_id: session.id,
    is_anonymous: user.isAnonymous,
  };
}

/** Newest first, compared by whole seconds. Ties keep their order. */
function sortClaims(session: Session) {
  return [...session.claims].sort((a, b) => Math.floor(b.at / 1000) - Math.floor(a.at / 1000));
}

/**
 * Returns the claims of the request's bearer token.
 * @throws AuthError 401 `no_authorization` without a token, 403 `bad_jwt` with golang-jwt's message for an invalid
 * token
 */
export async function bearerClaims({ project, request }: Call): Promise<Claims> {
  const given = /^bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  // The API gateway replaces a secret key with the service role's token. Documented, not recorded:
  // https://supabase.com/docs/guides/api/api-keys
  const token = given?.startsWith('sb_secret_') ? apiKeys(project.config).service : given;
  if (!token) throw new AuthError(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
  const [header = '', payload = '', signature, ...more] = token.split('.');
  if (signature === undefined || more.length > 0)
    throw badJwt('token is malformed: token contains an invalid number of segments');
  const { alg, kid } = readHeader(header);
  const claims = readJson('claim', payload, readClaims);
  if (typeof alg !== 'string') throw badJwt('token is unverifiable: signing method (alg) is unspecified');
  if (!/^((HS|RS|ES|PS)(256|384|512)|EdDSA|none)$/.test(alg))
    throw badJwt('token is unverifiable: signing method (alg) is unavailable');
  const bytes = decodeSegment('signature', signature);
  if (!project.keys.allowed.includes(alg)) throw badJwt(`token signature is invalid: signing method ${alg} is invalid`);
  const key = await project.keys.find(kid, alg);
  if (!key) {
    const unknown = `unrecognized JWT kid ${kid === undefined ? '<nil>' : String(kid)} for algorithm ${alg}`;
    throw badJwt(`token is unverifiable: error while executing keyfunc: ${unknown}`);
  }
  const signed = utf8ToBytes(`${header}.${payload}`);
  const { wrongKey, badSignature } = problems[alg as JwtAlgorithm];
  if (key.algorithm !== alg) throw badJwt(`token signature is invalid: key is of invalid type: ${wrongKey}`);
  if (!(await key.verify(bytes, signed))) throw badJwt(`token signature is invalid: ${badSignature}`);
  checkTimes(project, claims);
  return claims;
}

/** Go's messages about signatures. */
const problems: Record<JwtAlgorithm, { wrongKey: string; badSignature: string }> = {
  HS256: { wrongKey: 'HMAC verify expects []byte', badSignature: 'signature is invalid' },
  ES256: { wrongKey: 'ECDSA verify expects *ecdsa.PublicKey', badSignature: 'crypto/ecdsa: verification error' },
  RS256: { wrongKey: 'RSA verify expects *rsa.PublicKey', badSignature: 'crypto/rsa: verification error' },
};

function checkTimes(project: Project, { exp, nbf }: Claims): void {
  const found = [
    ...(typeof exp === 'number' && exp * 1000 <= project.now() ? ['token is expired'] : []),
    ...(typeof nbf === 'number' && nbf * 1000 > project.now() ? ['token is not valid yet'] : []),
  ];
  if (found.length > 0) throw badJwt(`token has invalid claims: ${found.join(', ')}`);
}

function badJwt(reason: string): AuthError {
  return new AuthError(403, 'bad_jwt', `invalid JWT: unable to parse or verify signature, ${reason}`, {
    cause: reason,
  });
}

function readHeader(segment: string): { alg?: Json; kid?: Json } {
  return readJson('header', segment, (text) => {
    const struct = { name: 'map[string]interface {}', fields: { alg: 'any', kid: 'any' } } as const;
    return parse(text, struct) as { alg?: Json; kid?: Json };
  });
}

function readClaims(text: string): Claims {
  const claims = parse(text, claimsStruct);
  const { aud } = claims;
  if (aud !== undefined && aud !== null && ![aud].flat().every((name) => typeof name === 'string'))
    throw new GoJsonError('invalid type for claim');
  return claims;
}

function readJson<Result>(part: string, segment: string, read: (text: string) => Result): Result {
  const text = new TextDecoder().decode(decodeSegment(part, segment));
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    throw badJwt(`token is malformed: could not JSON decode ${part}: ${error.message}`);
  }
}

function decodeSegment(part: string, segment: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64Url(segment);
  } catch (error) {
    throw badJwt(`token is malformed: could not base64 decode ${part}: ${(error as Error).message}`);
  }
}
