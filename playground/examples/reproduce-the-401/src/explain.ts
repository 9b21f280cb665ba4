import type { AuthError } from '@supabase/supabase-js';

/** Returns the error as it is: this app hides nothing behind friendly words. */
export function explain(error: AuthError): string {
  return `status: ${error.status ?? 'none'}\ncode: ${codeOf(error)}\nmessage: ${error.message}`;
}

/** Returns an error's code, from a response or a link, or the error's name if it has no code. */
export function codeOf(error: AuthError): string {
  return error.code ?? error.name;
}
