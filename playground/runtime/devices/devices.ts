/**
 * What the user of the flow holds, beside the app and no part of it: `<demo-devices>` around the page's own content.
 * It knows the project only by its HTTP API and by what supabase-js stores, so it is the same on each host. The app never knows of it.
 */
import { demoAccounts } from '../cast.ts';
import { DemoAuthenticator } from './authenticator.ts';
import { DemoBrowser } from './browser.ts';
import { element } from './element.ts';
import { DemoMailbox } from './mailbox.ts';
import { type Notice, notify } from './notice.ts';
import { DemoPhone } from './phone.ts';
import { isDemo, isInPage, projectUrl, storageBlocked } from './project.ts';
import { DemoRequests, listen } from './requests.ts';
import { DemoSession } from './session.ts';
import { style } from './style.ts';

class DemoDevices extends HTMLElement {
  readonly #mailbox = new DemoMailbox();
  readonly #authenticator = new DemoAuthenticator();
  readonly #phone = new DemoPhone();
  readonly #session = new DemoSession();
  readonly #requests = new DemoRequests();
  readonly #hint = isDemo ? 'Start here: request a reset email in your app, for example for ada@example.com.' : '';
  readonly #notice = element('p', {}, this.getAttribute('notice') ?? this.#hint);
  readonly #show = element('button', { hidden: true }, 'Show');
  readonly #news = element('div', { className: 'notice' }, this.#session.level, this.#notice, this.#show);
  readonly #heard = element('div', { className: 'heard', role: 'log', ariaLive: 'polite', ariaLabel: 'News' });
  readonly #pane = element(
    'div',
    { className: 'devices', role: 'region', ariaLabel: 'Your devices' },
    element(
      'div',
      { className: 'head' },
      element('h2', {}, 'Your devices'),
      ...(isDemo ? [...accounts(), resetButton()] : []),
    ),
    this.#news,
    named('Mailbox', this.#mailbox),
    named('Authenticator', this.#authenticator),
    named('Phone', this.#phone),
    named('Session', this.#session),
    named('Requests and log', this.#requests),
    element('p', { className: 'quiet' }, whereItLives()),
    this.#heard,
  );

  connectedCallback(): void {
    this.#pane.addEventListener('notice', (event) => {
      this.#hear(event.target as HTMLElement, (event as CustomEvent<Notice>).detail);
    });
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [style];
    shadow.append(element('slot'), this.#pane);
    this.hidden = false;
    this.querySelector<HTMLElement>('[autofocus]')?.focus(); // it couldn't take the focus while it was hidden

    listen((exchange) => {
      this.#requests.add(exchange);
      this.#refresh();
    });
    this.#tick();
    setInterval(() => this.#tick(), 250); // storage tells other pages of a change, not its own
    this.#refresh();
    document.addEventListener('visibilitychange', () => this.#refresh()); // another tab may have used the same project
    if (!isDemo) setInterval(() => this.#refresh(), 3000); // a real mail is on its way for a while
  }

  #tick(): void {
    this.#session.tick();
    this.#authenticator.tick(this.#session.email);
  }

  /** Brings mail, text messages and log up to date. What cannot be read is said once. */
  #refresh(): void {
    for (const device of [this.#mailbox, this.#phone, this.#requests]) {
      device.refresh().catch((error) => {
        const text = `${device.ariaLabel} couldn't be read: ${error}`;
        if (text !== this.#notice.textContent) notify(device, text, { tone: 'refused' });
      });
    }
  }

  /** Says a notice to screen readers. Shows it, and marks the device it comes from, until the next one. */
  #hear(device: HTMLElement, { text, shown, tone }: Notice): void {
    this.#heard.append(element('p', {}, text));
    if (this.#heard.childElementCount > 5) this.#heard.firstElementChild?.remove();
    if (!shown) return;

    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
    this.#notice.textContent = text;
    this.#notice.className = tone;
    this.#show.hidden = false;
    this.#show.ariaLabel = `Show ${device.ariaLabel}`;
    this.#show.onclick = () => {
      device.scrollIntoView({ block: 'nearest', behavior });
      device.focus({ preventScroll: true });
    };
    this.#pane.querySelector('.attention')?.classList.remove('attention');
    device.classList.add('attention');
    if (behavior === 'smooth')
      device.animate({ boxShadow: ['0 0 0 0 var(--accent)', '0 0 0 0.75rem transparent'] }, 900);
    if (this.#pane.matches(':hover, :focus-within')) return; // nothing moves under the reader's finger

    // Only where the devices scroll on their own, so that the app stays in view.
    const { top, bottom } = device.getBoundingClientRect();
    const fromTop = top - this.#news.getBoundingClientRect().bottom - 16;
    if (fromTop < 0 || bottom > innerHeight) this.#pane.scrollBy({ top: fromTop, behavior });
  }
}

function named<Device extends HTMLElement>(name: string, device: Device): Device {
  return Object.assign(device, { role: 'region', ariaLabel: name, tabIndex: -1 });
}

function accounts(): HTMLElement[] {
  const row = (kind: 'th' | 'td', cells: string[]) =>
    element('tr', {}, ...cells.map((cell) => element(kind, {}, cell)));
  const table = element(
    'table',
    { popover: 'auto' },
    row('th', ['Address', 'Password', 'Second factor']),
    ...demoAccounts.map(({ email, password, factors }) =>
      row('td', [
        email,
        password,
        factors.map(({ friendlyName, status }) => `${friendlyName}, ${status}`).join('; ') || 'none',
      ]),
    ),
  );
  return [element('button', { popoverTargetElement: table }, 'Accounts'), table];
}

/** The button that puts the demo project and this browser back to how they began, and goes to the app's start. */
function resetButton(): HTMLElement {
  const reset = async () => {
    const answer = await fetch(`${projectUrl}/demo-project/reset`, { method: 'POST' });
    if (!answer.ok) throw new Error(`The demo project couldn't start over: it answered ${answer.status}`);
    if (!storageBlocked) {
      // On host `node` the reader's other apps may have lived on this origin.
      for (const key of storedKeys().filter((key) => key.startsWith('sb-'))) localStorage.removeItem(key);
      sessionStorage.clear();
    }
    location.replace(isInPage ? '.' : import.meta.env.BASE_URL);
  };
  return element('button', { onclick: reset }, 'Start over');
}

function storedKeys(): string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
}

function whereItLives(): string {
  if (isInPage)
    return 'The project, its accounts and your session only exist in this tab. They are gone when you close it.';
  if (isDemo)
    return 'The project and its accounts live in the dev server. All tabs share them, and they are gone when it stops.';
  return `Your app talks to ${projectUrl}. The devices show only what a page can see.`;
}

customElements.define('demo-browser', DemoBrowser);
customElements.define('demo-mailbox', DemoMailbox);
customElements.define('demo-authenticator', DemoAuthenticator);
customElements.define('demo-phone', DemoPhone);
customElements.define('demo-session', DemoSession);
customElements.define('demo-requests', DemoRequests);
customElements.define('demo-devices', DemoDevices);
