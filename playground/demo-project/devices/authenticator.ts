import type { TOTP } from 'otpauth';
import { totp } from '../src/auth/totp.ts';
import { demoAccounts } from '../src/seed.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';
import { isDemo } from './project.ts';

const period = 30;
const codeField = 'input[autocomplete="one-time-code"]';

/** `<demo-authenticator>`: the authenticator apps of the demo accounts. */
export class DemoAuthenticator extends HTMLElement {
  #step = 0;
  #asked = false;
  readonly #shown: {
    email: string;
    row: HTMLElement;
    totp: TOTP;
    code: HTMLElement;
    left: HTMLElement;
    bar: HTMLProgressElement;
  }[] = [];

  connectedCallback(): void {
    this.append(element('h3', {}, 'Authenticator'));
    if (!isDemo) {
      this.append(
        element(
          'p',
          {},
          'The secrets of a real project’s factors are in your own authenticator: take the code from there.',
        ),
      );
      return;
    }
    for (const { email, factors } of demoAccounts) {
      for (const { friendlyName, secret, status } of factors) {
        const code = element('code', {});
        code.setAttribute('data-code', '');
        const left = element('span', { className: 'quiet' });
        const bar = element('progress', { max: period, ariaHidden: 'true' });
        const name = status === 'verified' ? friendlyName : `${friendlyName} (unverified)`;
        const row = element(
          'div',
          { className: 'factor', role: 'group', ariaLabel: `${email}: ${name}` },
          element('p', {}, element('b', {}, email), element('span', { className: 'quiet' }, name)),
          element('p', { className: 'code' }, code, left, bar),
          element(
            'p',
            { className: 'actions' },
            element('button', { onclick: () => this.#copy(code.textContent) }, 'Copy code'),
            // Pressing the button leaves the focus in the app's field, so that this is the field in use.
            element(
              'button',
              { onclick: () => this.#type(code.textContent), onmousedown: (event) => event.preventDefault() },
              'Type it for me',
            ),
          ),
        );
        this.append(row);
        this.#shown.push({ email, row, totp: totp(secret), code, left, bar });
      }
    }
  }

  /** Brings codes and times up to date; says so when the app begins to ask for a code, and marks whose it is. */
  tick(email: string): void {
    const seconds = Date.now() / 1000;
    const step = Math.floor(seconds / period);
    const left = period - Math.floor(seconds % period);
    const asked = findCodeField() !== undefined;
    for (const factor of this.#shown) {
      if (step !== this.#step) factor.code.textContent = factor.totp.generate();
      factor.left.textContent = `${left} s`;
      factor.bar.value = left;
      factor.row.classList.toggle('asked', asked && factor.email === email);
    }
    if (asked && !this.#asked) notify(this, `Your app asks for ${email ? `the code of ${email}` : 'a code'}.`);
    this.#step = step;
    this.#asked = asked;
  }

  async #copy(code: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      notify(this, `Copied ${code}.`);
    } catch (error) {
      notify(this, `The browser does not let this page copy: ${error}`, { tone: 'refused' });
    }
  }

  #type(code: string): void {
    const field = findCodeField();
    if (!field) {
      notify(this, 'Your app asks for no code now.');
      return;
    }
    field.value = code;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    field.focus();
  }
}

/** The app's field for a code: the one in use, or else the first that can be seen. */
function findCodeField(): HTMLInputElement | undefined {
  const fields = [...document.querySelectorAll<HTMLInputElement>(codeField)].filter((field) => field.checkVisibility());
  return fields.find((field) => field === document.activeElement) ?? fields[0];
}
