/** The codes of an authenticator app. Public: a page or a test that plays an authenticator needs them without a project. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
// The build without hash functions of its own: they would weigh more than all else that a page loads for it.
import { Secret, TOTP } from 'otpauth/bare';

/** The codes of a secret (base32), as Auth and authenticator apps agree on them: SHA-1, six digits, 30 seconds. */
function totp(secret: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret), hmac: (_algorithm, key, message) => hmac(sha1, key, message) });
}

/** The code that an authenticator app with this secret (base32) shows at a time, in milliseconds since the epoch. Default: now. */
export function totpCode(secret: string, at: number = Date.now()): string {
  return totp(secret).generate({ timestamp: at });
}

/** Is this the code of the secret (base32) at a time in milliseconds since the epoch, or one step of 30 seconds early or late? */
export function isTotpCode(secret: string, code: string, at: number): boolean {
  return totp(secret).validate({ token: code, timestamp: at, window: 1 }) !== null;
}
