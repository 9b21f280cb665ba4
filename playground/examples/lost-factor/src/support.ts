/** What the app asks your server for, which alone can remove a factor. Here, that's a function called `lost-factor`. */
import { AuthRetryableFetchError, AuthSessionMissingError, FunctionsHttpError } from '@supabase/supabase-js';
import { supabase } from './supabase';

/** Where a user asks for help, and where they have asked. */
export const [helpPage, askedPage] = ['?lost-factor', '?support-knows'];

/** The request that the user came to object to: the notice in their email links to `?objection=…`. */
export const objection = new URLSearchParams(location.search).get('objection');

// #region ask-support
/**
 * Asks support to remove the lost factor. The call carries the session's token, so your server knows who asks, and the app
 * names nobody. Throws an `AuthError`.
 */
export async function askSupport(): Promise<void> {
  await call({});
}

/** Tells support that the user didn't ask. It needs no session, because it only stops something. Throws an `AuthError`. */
export async function object(): Promise<void> {
  await call({ objectsTo: objection });
}

async function call(body: object): Promise<void> {
  const { error } = await supabase.functions.invoke('lost-factor', { body });
  if (error instanceof FunctionsHttpError && error.context.status === 401) throw new AuthSessionMissingError();
  if (error) throw new AuthRetryableFetchError(error.message, 0);
}
// #endregion
