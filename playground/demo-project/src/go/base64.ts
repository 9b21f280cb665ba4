/** Base64 as Go's encoding/base64 reads and writes it. */

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Encodes to base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Decodes base64url. @throws Error with Go's message for anything else */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const bad = text.search(/[^\w-]/);
  const at = bad >= 0 ? bad : text.length % 4 === 1 ? text.length - 1 : undefined;
  if (at !== undefined) throw new Error(`illegal base64 data at input byte ${at}`);
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}
