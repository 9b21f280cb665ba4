'use client';

import { type ReactNode, useActionState, useEffect, useRef } from 'react';
import { type Problem, problems } from '../lib/problems';
import type { Answer } from './actions';

interface Props {
  action: (before: Answer, form: FormData) => Promise<Answer>;
  button: string;
  children: ReactNode;
  /** The id of the heading that names the form. */
  labelledBy?: string;
  /** The problem that led to this form. Shown until the form is sent. */
  problem?: Problem | undefined;
  secondary?: boolean;
}

/** A form that shows what its action refuses, and focuses the field to correct. It works without JavaScript too. */
export function ActionForm({ action, button, children, labelledBy, problem, secondary = false }: Props) {
  const [answer, submit, isPending] = useActionState<Answer, FormData>(action, { problem });
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (answer.problem) form.current?.querySelector<HTMLElement>('input:not([type="hidden"]), button')?.focus();
  }, [answer]);

  return (
    <form action={submit} ref={form} aria-labelledby={labelledBy}>
      {children}
      {answer.problem && !isPending && (
        <p role="alert" id="problem" data-error-code={answer.problem}>
          {problems[answer.problem]}
        </p>
      )}
      <button type="submit" disabled={isPending} className={secondary ? 'secondary' : undefined}>
        {button}
      </button>
      <p role="status">{answer.said}</p>
    </form>
  );
}
