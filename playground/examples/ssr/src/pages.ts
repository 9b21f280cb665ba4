import type { Factor } from '@supabase/supabase-js';
import { html } from 'hono/html'; // escapes every value
import { problems } from './reset';

type Html = ReturnType<typeof html>;

/**
 * Returns a whole page. Its heading is also its title. Screen readers announce the title first, so
 * it says if something went wrong.
 */
function page(heading: string, content: Html, problem?: string | null): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${problem ? 'Error: ' : ''}${heading} · Your app</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/style.css">
      </head>
      <body>
        <main aria-label="Your app">
          <h1>Your app</h1>
          <div id="step">${content}</div>
        </main>
      </body>
    </html>`;
}

/**
 * Returns the sentence for `?problem=`. Shows nothing for a word that isn't on the list, because
 * anybody can put a word into a link.
 */
function alert(problem: string | null): Html | string {
  if (!problem || !Object.hasOwn(problems, problem)) return '';
  const sentence = problems[problem as keyof typeof problems];
  return html`<p role="alert" id="problem" data-error-code="${problem}">${sentence}</p>`;
}

const startAgain = html`<p><a href="/forgot-password">Start again</a></p>`;

export function forgotPasswordPage(query: URLSearchParams): Html {
  const problem = query.get('problem');
  const sent =
    'If there is an account with this address, we sent an email with a link to it. ' +
    'If none comes within a few minutes, check the address and your spam folder, then ask again.';
  const heading = 'Forgot your password?';
  const form = html`
    <form method="post" action="/forgot-password" aria-labelledby="heading">
      <h2 id="heading">${heading}</h2>
      <label>
        Email
        <input name="email" type="email" autocomplete="email" aria-describedby="problem" required autofocus>
      </label>
      ${alert(problem)}
      <button>Send reset link</button>
      <p role="status">${query.has('sent') ? sent : ''}</p>
    </form>`;
  return page(heading, form, problem);
}

// #region button
/** The page that the email links to. Mail scanners open links, but they press no buttons. */
export function resetPage(tokenHash: string): Html {
  const form = html`
    <form method="post" action="/reset-password">
      <h2>Reset your password</h2>
      <p>The link works once. Press the button to use it.</p>
      <input type="hidden" name="token_hash" value="${tokenHash}">
      <button autofocus>Continue</button>
    </form>
    ${startAgain}`;
  return page('Reset your password', form);
}
// #endregion

/** Shows the account that the link belongs to. It may not be the account of the person who opens the link. */
function accountLine(email = ''): Html {
  return html`<p>You’re choosing a new password for <b>${email}</b>.</p>`;
}

export function codePage(query: URLSearchParams, email: string | undefined, factors: Factor[]): Html {
  const oldestFirst = factors.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const authenticators = oldestFirst.filter(({ factor_type }) => factor_type === 'totp');
  const phones = oldestFirst.filter(({ factor_type }) => factor_type === 'phone');
  const problem = query.get('problem');
  const challenge = query.get('challenge');
  const named = ({ friendly_name }: Factor) => friendly_name || 'a factor without a name';

  const codeForm = (heading: string, hidden: Html) => html`
    <form method="post" action="/enter-code">
      <h2>${heading}</h2>
      ${accountLine(email)} ${hidden}
      <label>
        Code
        <input
          name="code"
          inputmode="numeric"
          autocomplete="one-time-code"
          aria-describedby="problem"
          required
          autofocus
        >
      </label>
      ${alert(problem)}
      <button>Verify</button>
    </form>`;
  const textForm = (factor: string, button: string) => html`
    <form method="post" action="/enter-code/text">
      <input type="hidden" name="factor" value="${factor}">
      <button class="secondary">${button}</button>
    </form>`;
  const lost = html`
    <details>
      <summary>I can’t use my second factor</summary>
      <p>
        If you’ve set up another one, use that. If you have none left, contact support. They check that it’s you, then
        remove the lost one. After that, ask for a new link: it asks for no code.
      </p>
    </details>
    ${startAgain}`;

  if (challenge) {
    const factor = query.get('factor') ?? '';
    const heading = 'Enter the code from your phone';
    const hidden = html`
      <input type="hidden" name="factor" value="${factor}">
      <input type="hidden" name="challenge" value="${challenge}">`;
    return page(heading, html`${codeForm(heading, hidden)} ${textForm(factor, 'Send another code')} ${lost}`, problem);
  }

  const texts = phones.map((factor) => textForm(factor.id, `Send a text message to ${named(factor)}`));
  if (authenticators.length > 0) {
    const heading = 'Enter the code from your authenticator';
    const options = authenticators.map((factor) => html`<option value="${factor.id}">${named(factor)}</option>`);
    const choice =
      authenticators.length === 1
        ? html`<input type="hidden" name="factor" value="${authenticators[0]?.id}">`
        : html`<label>Authenticator <select name="factor">${options}</select></label>`;
    return page(heading, html`${codeForm(heading, choice)} ${texts} ${lost}`, problem);
  }
  if (phones.length > 0) {
    const heading = 'Confirm that it is you';
    return page(heading, html`<h2>${heading}</h2> ${accountLine(email)} ${alert(problem)} ${texts} ${lost}`, problem);
  }
  const heading = 'Another second factor is needed';
  const section = html`
    <section>
      <h2>${heading}</h2>
      <p>
        Your account has a security key as its second factor, and neither phone nor authenticator. This app can’t ask
        for it yet, so your password stays as it is.
      </p>
      ${startAgain}
    </section>`;
  return page(heading, section);
}

export function passwordPage(query: URLSearchParams, email: string | undefined): Html {
  const problem = query.get('problem');
  const heading = 'Choose a new password';
  const form = html`
    <form method="post" action="/new-password">
      <h2>${heading}</h2>
      ${accountLine(email)}
      <label>
        New password
        <input
          name="password"
          type="password"
          autocomplete="new-password"
          aria-describedby="rule problem"
          required
          autofocus
        >
      </label>
      <p id="rule">Use at least 6 characters.</p>
      ${alert(problem)}
      <button>Save new password</button>
    </form>
    ${startAgain}`;
  return page(heading, form, problem);
}

export function passwordChangedPage(): Html {
  const heading = 'Your password was changed';
  const form = html`
    <form method="post" action="/sign-out">
      <h2>${heading}</h2>
      <p>
        You are signed in here. Every other session has ended: a page that is open elsewhere loses access within an
        hour.
      </p>
      <p>On a shared computer, sign out: otherwise the next person who uses it is in your account.</p>
      <button class="secondary">Sign out here</button>
    </form>`;
  return page(heading, form);
}

export function signedOutPage(): Html {
  const heading = 'You are signed out here';
  return page(heading, html`<section><h2>${heading}</h2> ${startAgain}</section>`);
}
