import { demoAccounts } from '../cast.ts';
import { codeActions, findCodeField } from './code.ts';
import { element } from './element.ts';
import { isDemo, loaded, timePassed } from './project.ts';

const period = 30;

const totp = loaded.then(() => import('../../demo-project/src/totp.ts'));

/** `<demo-authenticator>`: the authenticator apps of the demo accounts. */
export class DemoAuthenticator extends HTMLElement {
  #step = 0;
  readonly #none = element('p', { className: 'quiet' }, 'This account has no authenticator.');
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
    this.append(this.#none);
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

  /** Updates codes and times. Shows only this account's factors. */
  tick(email: string): void {
    const seconds = (Date.now() + timePassed()) / 1000;
    const step = Math.floor(seconds / period);
    const left = period - Math.floor(seconds % period);
    const asked = findCodeField() !== undefined;
    for (const factor of this.#shown) {
      if (step !== this.#step) void showCode(factor);
      factor.left.textContent = `${left} s`;
      factor.bar.value = left;
      factor.row.classList.toggle('asked', asked);
      factor.row.hidden = email !== '' && factor.email !== email;
    }
    this.#none.hidden = this.#shown.some(({ row }) => !row.hidden);
    this.#step = step;
  }
}

/** The console reports a failure to load. */
async function showCode({ secret, code }: { secret: string; code: HTMLElement }): Promise<void> {
  code.textContent = (await totp).totpCode(secret, Date.now() + timePassed());
}
