import { type AuthError, isAuthError } from '@supabase/supabase-js';
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { codeOf, explain } from './explain';

interface Props {
  /** Calls Auth. A sentence that it returns is said in the form; an `AuthError` that it throws is shown there. */
  send: (field: (name: string) => string) => Promise<unknown>;
  /** What its button says. */
  button: string;
  isSecondary?: boolean;
  label?: string | undefined;
  /** An error to begin with. */
  error?: AuthError | undefined;
  children: ReactNode;
}

/**
 * A form that sends once at a time, and waits for another try after an error. It has no `action`: React would empty the
 * fields after each try, the right ones too.
 */
export function Form({ send, button, isSecondary = false, label, error: firstError, children }: Props) {
  const [error, setError] = useState(firstError);
  const [said, setSaid] = useState('');
  const [isSending, setIsSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  // The focus goes where the error can be corrected: into the field, or else on the button, once it isn't disabled any more.
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
