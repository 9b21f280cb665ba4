import type { Factor } from '@supabase/supabase-js';
import { onSubmit } from './form.ts';
import { find, show } from './page.ts';
import { isSessionGone } from './session-gone.ts';
import { newestMessage, sendMessage } from './text-message.ts';

/**
 * Lets the user choose one of these factors. If it is a phone, a code has been sent to it then.
 * Throws the `AuthError` when the session is gone meanwhile.
 */
export function chooseFactor(factors: Factor[]): Promise<Factor> {
  const form = find<HTMLFormElement>(show('choose-factor'), 'form');
  for (const factor of factors) {
    const radio = document.createElement('input');
    Object.assign(radio, { type: 'radio', name: 'factor', value: factor.id, required: true });
    radio.checked = factor === factors[0];
    const label = document.createElement('label');
    label.append(radio, describe(factor));
    find(form, 'fieldset').append(label);
  }

  return new Promise((resolve, reject) => {
    onSubmit(form, async (fields) => {
      const factor = factors.find(({ id }) => id === fields.get('factor')) as Factor;
      // #region send
      const error = factor.factor_type === 'phone' ? await sendMessage(factor.id) : null;
      // Too early for another message: the code of the last one is still good, if it is of this reset.
      const hasCode = error?.code === 'over_sms_send_rate_limit' && newestMessage()?.factorId === factor.id;
      // #endregion
      if (error && isSessionGone(error)) reject(error);
      else if (error && !hasCode) return error;
      else resolve(factor);
      return null;
    });
  });
}

function describe({ factor_type, friendly_name }: Factor): string {
  return factor_type === 'phone'
    ? `Send a text message to ${friendly_name || 'my phone'}`
    : `Use the code in ${friendly_name || 'my authenticator'}`;
}
