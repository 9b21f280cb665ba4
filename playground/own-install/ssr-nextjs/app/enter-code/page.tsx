import type { Factor } from '@supabase/supabase-js';
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { findStep } from '../../lib/reset';
import { createClient } from '../../lib/supabase';
import { ActionForm } from '../action-form';
import { enterCode, sendText } from '../actions';

export const instant = false; // the session decides what it shows
export const metadata: Metadata = { title: 'Enter the code' };

const nameOf = ({ friendly_name }: Factor) => friendly_name || 'a factor without a name';

export default async function EnterCode({ searchParams }: PageProps<'/enter-code'>) {
  const { factor, challenge } = await searchParams;
  const { step, email, factors } = await findStep(await createClient());
  if (step !== '/enter-code') redirect(step);

  const oldestFirst = factors.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const authenticators = oldestFirst.filter(({ factor_type }) => factor_type === 'totp');
  const phones = oldestFirst.filter(({ factor_type }) => factor_type === 'phone');
  const account = (
    <p>
      You’re choosing a new password for <b>{email}</b>.
    </p>
  );
  const code = (
    <label>
      Code
      <input
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        aria-describedby="problem"
        required
        autoFocus
      />
    </label>
  );

  return (
    <>
      {challenge ? (
        <>
          <ActionForm key="phone" action={enterCode} button="Verify">
            <h2>Enter the code from your phone</h2>
            {account}
            <input type="hidden" name="factor" value={factor} />
            <input type="hidden" name="challenge" value={challenge} />
            {code}
          </ActionForm>
          <ActionForm key="again" action={sendText} button="Send another code" secondary>
            <input type="hidden" name="factor" value={factor} />
          </ActionForm>
        </>
      ) : (
        <>
          {authenticators.length > 0 && (
            <ActionForm key="authenticator" action={enterCode} button="Verify">
              <h2>Enter the code from your authenticator</h2>
              {account}
              {authenticators.length === 1 ? (
                <input type="hidden" name="factor" value={authenticators[0]?.id} />
              ) : (
                <label>
                  Authenticator
                  <select name="factor">
                    {authenticators.map((factor) => (
                      <option key={factor.id} value={factor.id}>
                        {nameOf(factor)}
                      </option>
                    ))}
                  </select>
                </label>
              )}
              {code}
            </ActionForm>
          )}
          {authenticators.length === 0 && phones.length > 0 && (
            <>
              <h2>Confirm that it is you</h2>
              {account}
            </>
          )}
          {phones.map((phone) => (
            <ActionForm key={phone.id} action={sendText} button={`Send a text message to ${nameOf(phone)}`} secondary>
              <input type="hidden" name="factor" value={phone.id} />
            </ActionForm>
          ))}
          {authenticators.length + phones.length === 0 && (
            <section>
              <h2>Another second factor is needed</h2>
              <p>
                Your account has a security key as its second factor, and neither phone nor authenticator. This app
                can’t ask for it yet, so your password stays as it is.
              </p>
            </section>
          )}
        </>
      )}
      <details>
        <summary>I can’t use my second factor</summary>
        <p>
          If you’ve set up another one, use that. If you have none left, contact support. They check that it’s you, then
          remove the lost one. After that, ask for a new link: it asks for no code.
        </p>
      </details>
      <p>
        <Link href="/forgot-password">Start again</Link>
      </p>
    </>
  );
}
