import type { Metadata } from 'next';
import Link from 'next/link';

export const metadata: Metadata = { title: 'You are signed out here' };

export default function SignedOut() {
  return (
    <section>
      <h2>You are signed out here</h2>
      <p>
        <Link href="/forgot-password">Start again</Link>
      </p>
    </section>
  );
}
