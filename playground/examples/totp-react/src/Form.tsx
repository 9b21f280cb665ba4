import { type AuthError, isAuthError } from '@supabase/supabase-js';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { codeOf, explain } from './explain';

interface Props {
  /** Calls Auth. The form shows a sentence that this returns, or an `AuthError` that it throws. */
  send: (field: (name: string) => string) => Promise<unknown>;
  /** The button's label. */
  button: string;
  isSecondary?: boolean;
  label?: string | undefined;
  /** The error to show at first. */
  error?: AuthError | undefined;
  children: ReactNode;
}

/**
 * A form that submits only once at a time, and waits for another try after an error. It has no `action`, because React
 * would clear the fields after each try, even the correct ones.
 */
export function Form({ send, button, isSecondary = false, label, error: firstError, children }: Props) {
  const [error, setError] = useState(firstError);
  const [said, setSaid] = useState('');
  const [isSending, setIsSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  // Focuses the field to correct. If there is none, focuses the button once it's enabled again.
  useEffect(() => {
    if (!error || isSending) return;
    const place = form.current?.querySelector<HTMLElement>('input, button');
    place?.focus();
    if (place instanceof HTMLInputElement) place.select();
  }, [error, isSending]);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setIsSending(true);
    setError(undefined);
    setSaid('');
    try {
      const answer = await send((name) => String(fields.get(name)));
      if (typeof answer === 'string') setSaid(answer);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      setError(error);
    } finally {
      setIsSending(false);
    }
  }

  return (
    <form ref={form} aria-label={label} onSubmit={submit}>
      {children}
      {error && (
        <p role="alert" data-error-code={codeOf(error)}>
          {explain(error)}
        </p>
      )}
      <button type="submit" className={isSecondary ? 'secondary' : undefined} disabled={isSending}>
        {button}
      </button>
      <p role="status">{said}</p>
    </form>
  );
}
