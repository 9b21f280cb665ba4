import { demoAccounts } from '../cast.ts';
import { codeActions, findCodeField } from './code.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';
import { isDemo } from './project.ts';

const period = 30;

/** Loaded beside the app, which shouldn't wait for it. */
const totp = import('../../demo-project/src/totp.ts');

/** `<demo-authenticator>`: the authenticator apps of the demo accounts. */
export class DemoAuthenticator extends HTMLElement {
  #step = 0;
  #asked = false;
  readonly #shown: {
    email: string;
    row: HTMLElement;
    secret: string;
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
          'This is a real project, so its secrets are in your own authenticator app. Take the code from there.',
        ),
      );
      return;
    }
    for (const { email, factors } of demoAccounts) {
      for (const factor of factors) {
        if (factor.type !== 'totp') continue;
        const { friendlyName, secret, status } = factor;
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
          codeActions(this, code),
        );
        this.append(row);
        this.#shown.push({ email, row, secret, code, left, bar });
      }
    }
  }

  /**
   * Brings codes and times up to date; says so when the app begins to ask for a code, and marks whose it is. With a phone among
   * the factors it says nothing: the text message does.
   */
  tick(email: string): void {
    const seconds = Date.now() / 1000;
    const step = Math.floor(seconds / period);
    const left = period - Math.floor(seconds % period);
    const asked = findCodeField() !== undefined;
    for (const factor of this.#shown) {
      if (step !== this.#step) void showCode(factor);
      factor.left.textContent = `${left} s`;
      factor.bar.value = left;
      factor.row.classList.toggle('asked', asked && factor.email === email);
    }
    if (asked && !this.#asked && !hasPhone(email))
      notify(this, `Your app needs ${email ? `the code of ${email}` : 'a code'}. Take it from the authenticator.`);
    this.#step = step;
    this.#asked = asked;
  }
}

/** What couldn't be loaded is told by the console. */
async function showCode({ secret, code }: { secret: string; code: HTMLElement }): Promise<void> {
  code.textContent = (await totp).totpCode(secret);
}

function hasPhone(email: string): boolean {
  return demoAccounts.some(
    (account) => account.email === email && account.factors.some(({ type }) => type === 'phone'),
  );
}
