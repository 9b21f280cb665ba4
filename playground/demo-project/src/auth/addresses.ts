/** Email addresses and phone numbers, in the form that Auth stores. */
import { invalid } from './errors.ts';

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const addressForm = new RegExp(`^[a-zA-Z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`);

/** Returns the address in lower case, as Auth stores it. Doesn't trim it. @throws AuthError 400 `validation_failed` */
export function normalizeEmail(email: string): string {
  if (email === '') throw invalid('An email address is required');
  if (new TextEncoder().encode(email).length > 255) throw invalid('An email address is too long');
  if (!addressForm.test(email)) throw invalid('Unable to validate email address: invalid format');
  return email.toLowerCase();
}

/** Returns the number without "+" and spaces, as Auth stores it. @throws AuthError 400 `validation_failed` */
export function normalizePhone(phone: string): string {
  const digits = plainPhone(phone);
  if (!/^[1-9][0-9]{1,14}$/.test(digits)) throw invalid('Invalid phone number format (E.164 required)');
  return digits;
}

export function plainPhone(phone: string): string {
  return phone.replace(/^\+/, '').replaceAll(' ', '');
}
