import type { Factor } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find, show } from './page.ts';
import { isSessionGone } from './session-gone.ts';
import { verifyTotp } from './step-up.ts';
import { newestMessage, sendMessage, verifyMessage } from './text-message.ts';

/**
 * Asks for the factor's code until it is verified (`true`), or until the user wants to choose another factor (`false`).
 * Throws the `AuthError` when the session is gone meanwhile.
 */
export function enterCode(factor: Factor, hasOthers: boolean): Promise<boolean> {
  const message = factor.factor_type === 'phone' ? newestMessage() : null;
  const step = show(message ? 'enter-message-code' : 'enter-totp-code');
  const other = find<HTMLButtonElement>(step, '#other');
  other.hidden = !hasOthers;

  return new Promise((resolve, reject) => {
    other.addEventListener('click', () => resolve(false));
    onSubmit(find(step, '#verify'), async (fields) => {
      const code = String(fields.get('code')).replaceAll(' ', '');
      const error = message ? await verifyMessage(message, code) : await verifyTotp(factor.id, code);
      if (error && isSessionGone(error)) reject(error);
      else if (error) return error;
      else resolve(true);
      return null;
    });
    if (!message) return;

    const until = new Date(message.expiresAt * 1000).toLocaleTimeString();
    find(step, '#sent').textContent =
      `A code was sent to ${factor.friendly_name || 'your phone'}. It is good until ${until}. Only the newest one works.`;
    onSubmit(find(step, '#resend'), async () => {
      const error = await sendMessage(factor.id);
      if (error && isSessionGone(error)) reject(error);
      else if (error) return error;
      else resolve(enterCode(factor, hasOthers));
      return null;
    });
  });
}
