import type { Metadata } from 'next';
import { ActionForm } from '../action-form';
import { signOut } from '../actions';

export const metadata: Metadata = { title: 'Your password was changed' };

export default function PasswordChanged() {
  return (
    <ActionForm action={signOut} button="Sign out here" secondary>
      <h2>Your password was changed</h2>
      <p>
        You are signed in here. Every other session has ended: a page that is open elsewhere loses access within an
        hour.
      </p>
      <p>On a shared computer, sign out: otherwise the next person who uses it is in your account.</p>
    </ActionForm>
  );
}
