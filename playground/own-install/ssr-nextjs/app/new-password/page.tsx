import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { findStep } from '../../lib/reset';
import { createClient } from '../../lib/supabase';
import { ActionForm } from '../action-form';
import { savePassword } from '../actions';

export const instant = false; // the session decides what it shows
export const metadata: Metadata = { title: 'Choose a new password' };

export default async function NewPassword() {
  const { step, email } = await findStep(await createClient());
  if (step !== '/new-password') redirect(step);
  return (
    <>
      <ActionForm action={savePassword} button="Save new password">
        <h2>Choose a new password</h2>
        <p>
          You’re choosing a new password for <b>{email}</b>.
        </p>
        <label>
          New password
          <input
            name="password"
            type="password"
            autoComplete="new-password"
            aria-describedby="rule problem"
            required
            autoFocus
          />
        </label>
        <p id="rule">Use at least 6 characters.</p>
      </ActionForm>
      <p>
        <Link href="/forgot-password">Start again</Link>
      </p>
    </>
  );
}
