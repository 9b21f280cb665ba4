import type { Metadata } from 'next';
import Link from 'next/link';
import { ActionForm } from '../action-form';
import { startReset } from '../actions';

export const instant = false; // what it shows depends on the address
export const metadata: Metadata = { title: 'Reset your password' };

export default async function ResetPassword({ searchParams }: PageProps<'/reset-password'>) {
  const { token_hash = '' } = await searchParams;
  return (
    <>
      <ActionForm action={startReset} button="Continue">
        <h2>Reset your password</h2>
        <p>The link works once. Press the button to use it.</p>
        <input type="hidden" name="token_hash" value={token_hash} />
      </ActionForm>
      <p>
        <Link href="/forgot-password">Start again</Link>
      </p>
    </>
  );
}
