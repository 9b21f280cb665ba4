import type { AuthError } from '@supabase/supabase-js';
import { codeOf, explain } from './explain.ts';
import { find } from './page.ts';

/**
 * Calls `send` with the fields when the form is submitted. Its button stays disabled until the answer is there, so that
 * a double click sends once. An error that `send` returns is shown in the form, which then waits for another try.
 */
export function onSubmit(form: HTMLFormElement, send: (fields: FormData) => Promise<AuthError | null>): void {
  const button = find<HTMLButtonElement>(form, 'button');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    form.querySelector('[role="alert"]')?.remove();
    const error = await send(new FormData(form)).finally(() => {
      button.disabled = false;
    });
    if (error) showError(form, error);
  });
}

/** Says in the form what went wrong, and puts the focus where it can be mended: into the field, or else on the button. */
export function showError(form: HTMLFormElement, error: AuthError): void {
  const alert = document.createElement('p');
  alert.role = 'alert';
  alert.setAttribute('data-error-code', codeOf(error));
  alert.textContent = explain(error);
  find(form, 'button').before(alert);
  const place = find(form, 'input:not([type="radio"]), button');
  place.focus();
  if (place instanceof HTMLInputElement) place.select();
}
