/** Email addresses and phone numbers as Auth keeps them. */
import { invalid } from './errors.ts';

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const addressForm = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`);

/**
 * The address in lower case, as Auth keeps it; not trimmed.
 * @throws AuthError 400 `validation_failed`
 */
export function normalizeEmail(email: string): string {
  if (email === '') throw invalid('An email address is required');
  if (new TextEncoder().encode(email).length > 255) throw invalid('An email address is too long');
  if (!addressForm.test(email)) throw invalid('Unable to validate email address: invalid format');
  return email.toLowerCase();
}

/**
 * The number as Auth keeps it: without "+" and spaces.
 * @throws AuthError 400 `validation_failed`
 */
export function normalizePhone(phone: string): string {
  const digits = plainPhone(phone);
  if (!/^[1-9][0-9]{1,14}$/.test(digits)) throw invalid('Invalid phone number format (E.164 required)');
  return digits;
}

export function plainPhone(phone: string): string {
  return phone.replace(/^\+/, '').replaceAll(' ', '');
}
