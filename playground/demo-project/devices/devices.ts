/**
 * What the user of the flow holds, beside the app and no part of it: `<demo-devices>` around the page's own content.
 * It knows the project only by its HTTP API and by what supabase-js stores, so it is the same on each host. The app never knows of it.
 */
import { demoAccounts } from '../src/seed.ts';
import { DemoAuthenticator } from './authenticator.ts';
import { DemoBrowser } from './browser.ts';
import { element } from './element.ts';
import { DemoMailbox } from './mailbox.ts';
import { type Notice, notify } from './notice.ts';
import { isDemo, isInPage, projectUrl, storageBlocked } from './project.ts';
import { DemoRequests, listen } from './requests.ts';
import { DemoSession } from './session.ts';
import { style } from './style.ts';

class DemoDevices extends HTMLElement {
  readonly #mailbox = new DemoMailbox();
  readonly #requests = new DemoRequests();
  readonly #notice = element('p');
  readonly #show = element('button', {}, 'Show');
  readonly #heard = element('div', { className: 'heard', role: 'log', ariaLive: 'polite', ariaLabel: 'News' });

  connectedCallback(): void {
    const devices: [string, HTMLElement][] = [
      ['Mailbox', this.#mailbox],
      ['Authenticator', new DemoAuthenticator()],
      ['Session', new DemoSession()],
      ['Requests and log', this.#requests],
    ];
    for (const [name, device] of devices) Object.assign(device, { role: 'region', ariaLabel: name, tabIndex: -1 });

    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [style];
    shadow.addEventListener('notice', (event) => {
      this.#hear(event.target as HTMLElement, (event as CustomEvent<Notice>).detail);
    });
    shadow.append(
      element('slot'),
      element(
        'div',
        { className: 'devices', role: 'region', ariaLabel: 'Your devices' },
        element('header', {}, element('h2', {}, 'Your devices'), ...(isDemo ? [accounts(), resetButton()] : [])),
        element('div', { className: 'notice' }, this.#notice, this.#show),
        ...devices.map(([, device]) => device),
        element('p', { className: 'quiet' }, whereItLives()),
        this.#heard,
      ),
    );
    this.hidden = false;

    listen((exchange) => {
      this.#requests.add(exchange);
      this.#refresh();
    });
    document.addEventListener('visibilitychange', () => this.#refresh()); // another tab may have used the same project
    if (!isDemo) setInterval(() => this.#refresh(), 3000); // a real mail is on its way for a while
    this.#refresh();
    const saidByHost = this.getAttribute('notice');
    if (saidByHost) notify(this.#mailbox, saidByHost);
  }

  /** Brings mail and log up to date. What cannot be read is said once. */
  #refresh(): void {
    for (const device of [this.#mailbox, this.#requests]) {
      device.refresh().catch((error) => {
        const text = `${device.ariaLabel} cannot be read: ${error}`;
        if (text !== this.#notice.textContent) notify(device, text, { tone: 'refused' });
      });
    }
  }

  /** Says a notice to screen readers. Shows it, and marks the device it comes from, until the next one. */
  #hear(device: HTMLElement, { text, shown, tone }: Notice): void {
    this.#heard.append(element('p', {}, text));
    if (this.#heard.childElementCount > 5) this.#heard.firstElementChild?.remove();
    if (!shown) return;

    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#notice.textContent = text;
    this.#notice.className = tone;
    this.#show.onclick = () => {
      device.scrollIntoView({ block: 'nearest', behavior: isStill ? 'instant' : 'smooth' });
      device.focus({ preventScroll: true });
    };
    for (const other of this.shadowRoot?.querySelectorAll('.attention') ?? []) other.classList.remove('attention');
    device.classList.add('attention');
    if (!isStill) device.animate({ boxShadow: ['0 0 0 0 var(--accent)', '0 0 0 0.75rem transparent'] }, 900);
  }
}

function accounts(): HTMLElement {
  const row = (kind: 'th' | 'td', cells: string[]) =>
    element('tr', {}, ...cells.map((cell) => element(kind, {}, cell)));
  return element(
    'details',
    { className: 'accounts' },
    element('summary', {}, 'Demo accounts'),
    element(
      'table',
      {},
      row('th', ['Address', 'Password', 'Second factor']),
      ...demoAccounts.map(({ email, password, factors }) =>
        row('td', [
          email,
          password,
          factors.map(({ friendlyName, status }) => `${friendlyName}, ${status}`).join('; ') || 'none',
        ]),
      ),
    ),
  );
}

/** The button that puts the demo project and this browser back to how they began, and goes to the app's start. */
function resetButton(): HTMLElement {
  const reset = async () => {
    const answer = await fetch(`${projectUrl}/demo-project/reset`, { method: 'POST' });
    if (!answer.ok) throw new Error(`Reset answers ${answer.status}`);
    if (!storageBlocked) {
      // On host `node` the reader's other apps may have lived on this origin.
      for (const key of storedKeys().filter((key) => key.startsWith('sb-'))) localStorage.removeItem(key);
      sessionStorage.clear();
    }
    location.replace(new URL(import.meta.env.BASE_URL, location.href));
  };
  return element('button', { onclick: reset }, 'Reset');
}

function storedKeys(): string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
}

function whereItLives(): string {
  if (isInPage) return 'The project, its accounts and your session live in this tab only, and end with it.';
  if (isDemo) return 'The project and its accounts live in the dev server, for all tabs, and end with it.';
  return `Your app talks to ${projectUrl}. What is shown here is what a page can see of it.`;
}

customElements.define('demo-browser', DemoBrowser);
customElements.define('demo-mailbox', DemoMailbox);
customElements.define('demo-authenticator', DemoAuthenticator);
customElements.define('demo-session', DemoSession);
customElements.define('demo-requests', DemoRequests);
customElements.define('demo-devices', DemoDevices);
