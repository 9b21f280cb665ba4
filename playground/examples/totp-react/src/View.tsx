import type { AuthError, Factor } from '@supabase/supabase-js';
import { useState } from 'react';
import { signIn, signOut } from './account';
import { Form } from './Form';
import { describeFactor, leftoverFactors, removeFactor } from './leftover-factors';
import { sendResetLink } from './link';
import { choosePassword, confirmLink, enterCode, openPage, passwordRule, type Step } from './recovery';

/** The heading of each step, which is also the page's title. */
export const titles: Record<Step['name'], string> = {
  start: 'Forgot your password?',
  'confirm-link': 'Reset your password',
  code: 'Enter the code from your authenticator',
  'other-factor': 'Another second factor is needed',
  password: 'Choose a new password',
  changed: 'Your password was changed',
  'signed-out': 'You are signed out here',
  unreachable: 'We couldn’t reach the server',
};

type Go = (step: Step) => void;

/** Shows one step. `go` shows the next step. */
export function View({ step, go }: { step: Step; go: Go }) {
  const title = titles[step.name];
  const focused = (
    <h2 tabIndex={-1} data-focus>
      {title}
    </h2>
  );
  switch (step.name) {
    case 'start':
      return <Start title={title} error={step.error} />;
    case 'confirm-link':
      return (
        <>
          <Form button="Continue" send={async () => go(await confirmLink())}>
            {focused}
            <p>The link works once. Press the button to use it.</p>
          </Form>
          <StartAgain />
        </>
      );
    case 'code':
      return <Code title={title} authenticators={step.authenticators} go={go} />;
    case 'other-factor':
      return (
        <section>
          {focused}
          <p>
            Your account has a phone or a security key as its second factor, and no authenticator. This app asks only
            for codes from authenticators, so your password stays as it is.
          </p>
          <StartAgain />
        </section>
      );
    case 'password':
      return <Password title={title} go={go} />;
    case 'changed':
      return (
        <>
          <Form
            button="Sign out here"
            isSecondary
            send={async () => {
              await signOut();
              go({ name: 'signed-out' });
            }}
          >
            {focused}
            <p>
              You are signed in here. Every other session has ended: a page that is open elsewhere loses access within
              an hour.
            </p>
            <p>On a shared computer, sign out: otherwise the next person who uses it is in your account.</p>
          </Form>
          <SignInAgain />
        </>
      );
    case 'signed-out':
      return (
        <section>
          {focused}
          <SignInAgain />
        </section>
      );
    case 'unreachable':
      return (
        <section>
          {focused}
          <p>Nothing is lost. Check your connection, then go on.</p>
          <button type="button" onClick={async () => go(await openPage())}>
            Try again
          </button>
        </section>
      );
  }
}

function Start({ title, error }: { title: string; error?: AuthError | undefined }) {
  const [leftovers, setLeftovers] = useState<Factor[]>([]);
  return (
    <>
      <Form label={title} button="Send reset link" error={error} send={(field) => sendResetLink(field('email'))}>
        <h2>{title}</h2>
        <label>
          Email <input name="email" type="email" autoComplete="email" required />
        </label>
      </Form>
      <Form
        label="Sign in"
        button="Sign in"
        send={async (field) => {
          const said = await signIn(field('email'), field('password'));
          setLeftovers(await leftoverFactors());
          return said;
        }}
      >
        <h2>Sign in</h2>
        <label>
          Email <input name="email" type="email" autoComplete="username" required />
        </label>
        <label>
          Password <input name="password" type="password" autoComplete="current-password" required />
        </label>
      </Form>
      {leftovers.map((factor) => (
        <Leftover key={factor.id} factor={factor} />
      ))}
    </>
  );
}

function Leftover({ factor }: { factor: Factor }) {
  const [isRemoved, setIsRemoved] = useState(false);
  const name = describeFactor(factor);
  if (isRemoved) {
    return (
      // Otherwise the focus is lost with the pressed button.
      <form aria-label={name} tabIndex={-1} ref={(form) => form?.focus()}>
        Removed: {name}
      </form>
    );
  }
  return (
    <Form
      label={name}
      button="Remove"
      isSecondary
      send={async () => {
        await removeFactor(factor.id);
        setIsRemoved(true);
      }}
    >
      <h2>A second factor that was never finished</h2>
      <p>
        Somebody started to add <b>{name}</b> to your account. Unless you are adding it right now, remove it: the person
        who started it can still finish it, and then sign in with it.
      </p>
    </Form>
  );
}

// #region code
/** Asks for the code of an authenticator. If there are several, the user chooses. */
function Code({ title, authenticators, go }: { title: string; authenticators: Factor[]; go: Go }) {
  const [code, setCode] = useState('');
  const [factorId, setFactorId] = useState(authenticators[0]?.id ?? '');
  return (
    <>
      <Form button="Verify" send={async () => go(await enterCode(factorId, code))}>
        <h2>{title}</h2>
        <p>Your account has a second factor. Confirm it before you choose a new password.</p>
        <label hidden={authenticators.length === 1}>
          Authenticator
          <select value={factorId} onChange={(event) => setFactorId(event.target.value)}>
            {authenticators.map(({ id, friendly_name }) => (
              <option key={id} value={id}>
                {friendly_name || 'Authenticator without a name'}
              </option>
            ))}
          </select>
        </label>
        <label>
          Code
          <input
            value={code}
            onChange={(event) => setCode(event.target.value)}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            data-focus
          />
        </label>
      </Form>
      <details>
        <summary>I can’t use my authenticator</summary>
        <p>
          If you’ve set up another authenticator, use that. If you have none left, contact support. They check that it’s
          you, then remove the lost authenticator. After that, ask for a new link: it asks for no code.
        </p>
      </details>
      <StartAgain />
    </>
  );
}
// #endregion

function Password({ title, go }: { title: string; go: Go }) {
  const [password, setPassword] = useState('');
  return (
    <>
      <Form button="Save new password" send={async () => go(await choosePassword(password))}>
        <h2>{title}</h2>
        <label>
          New password
          <input
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            type="password"
            autoComplete="new-password"
            aria-describedby="rule"
            required
            data-focus
          />
        </label>
        <p id="rule">{passwordRule}</p>
      </Form>
      <StartAgain />
    </>
  );
}

function StartAgain() {
  return (
    <p>
      <a href="./">Start again</a>
    </p>
  );
}

function SignInAgain() {
  return (
    <p>
      <a href="./">Sign in with the new password</a>
    </p>
  );
}
