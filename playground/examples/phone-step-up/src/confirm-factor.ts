import type { Factor } from '@supabase/supabase-js';
import { chooseFactor } from './choose-factor.ts';
import { enterCode } from './enter-code.ts';
import { newestMessage } from './text-message.ts';

/**
 * Lifts the session by one of these factors: by the one with a message under way, or else by one that the user chooses.
 * Throws the `AuthError` when the session is gone meanwhile.
 */
export async function confirmFactor(factors: Factor[]): Promise<void> {
  const hasOthers = factors.length > 1;
  let factor = factors.find(
    ({ id, factor_type }) => id === newestMessage()?.factorId || (!hasOthers && factor_type === 'totp'),
  );
  for (;;) {
    factor ??= await chooseFactor(factors);
    if (await enterCode(factor, hasOthers)) return;
    factor = undefined;
  }
}
