/**
 * The codes of an authenticator app. Public, because pages and tests that play an authenticator need codes without a
 * project.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
// The bare build has no hash functions. With them it would be larger than everything else a page loads for this.
import { Secret, TOTP } from 'otpauth/bare';

/** Auth and authenticator apps agree on SHA-1, six digits, and 30 seconds. The secret is in base32. */
function totp(secret: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret), hmac: (_algorithm, key, message) => hmac(sha1, key, message) });
}

/**
 * Returns the code that an authenticator app shows for this secret (base32) at a time in milliseconds since the epoch.
 * Default: now.
 */
export function totpCode(secret: string, at: number = Date.now()): string {
  return totp(secret).generate({ timestamp: at });
}

/**
 * Returns whether the code is right for this secret (base32) at a time in milliseconds since the epoch, give or take
 * one step of 30 seconds.
 */
export function isTotpCode(secret: string, code: string, at: number): boolean {
  return totp(secret).validate({ token: code, timestamp: at, window: 1 }) !== null;
}
