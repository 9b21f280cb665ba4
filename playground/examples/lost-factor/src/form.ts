import { type AuthError, isAuthError } from '@supabase/supabase-js';
import { codeOf, explain } from './explain';
import { find } from './page';

/**
 * Calls `send` when the form is submitted; `field` returns the value of a field. Disables the button until the answer
 * arrives, so a double click sends once. If `send` returns a sentence, the form's status shows it. If it throws an
 * `AuthError`, the form shows it and waits for another try.
 */
export function onSubmit(form: HTMLFormElement, send: (field: (name: string) => string) => Promise<unknown>): void {
  const button = find<HTMLButtonElement>(form, 'button');
  const status = form.querySelector('[role="status"]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    button.disabled = true;
    form.querySelector('[role="alert"]')?.remove();
    status?.replaceChildren();
    try {
      const said = await send((name) => String(fields.get(name)));
      if (typeof said === 'string') status?.replaceChildren(said);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      showError(form, error);
    } finally {
      button.disabled = false;
    }
  });
}

/** Shows in the form what went wrong. Moves the focus to the field to correct, or to the button if there's no field. */
export function showError(form: HTMLFormElement, error: AuthError): void {
  const alert = document.createElement('p');
  alert.role = 'alert';
  alert.setAttribute('data-error-code', codeOf(error));
  alert.textContent = explain(error);
  const button = find<HTMLButtonElement>(form, 'button');
  button.before(alert);
  button.disabled = false; // a disabled button can't take focus
  const place = find(form, 'input:not([type="radio"]), button');
  place.focus();
  if (place instanceof HTMLInputElement) place.select();
}
