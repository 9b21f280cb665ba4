import type { Metadata } from 'next';
import { problemIn } from '../../lib/problems';
import { ActionForm } from '../action-form';
import { askForLink } from '../actions';

export const instant = false; // what it shows depends on the address
export const metadata: Metadata = { title: 'Forgot your password?' };

export default async function ForgotPassword({ searchParams }: PageProps<'/forgot-password'>) {
  const problem = problemIn((await searchParams).problem);
  return (
    <ActionForm key={problem} action={askForLink} button="Send reset link" labelledBy="heading" problem={problem}>
      <h2 id="heading">Forgot your password?</h2>
      <label>
        Email
        <input name="email" type="email" autoComplete="email" aria-describedby="problem" required autoFocus />
      </label>
    </ActionForm>
  );
}
