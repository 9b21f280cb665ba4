/**
 * `<demo-devices>`: the user's devices, beside the app's own page. They aren't part of the app, and the app doesn't
 * know about them. They know the project only from its HTTP API and from what supabase-js stores, so they work the same
 * on each host.
 */
import type { Account } from '../cast.ts';
import { isOtherBrowser } from '../other-browser.ts';
import { accountList, fill, isAtStart, prefill } from './accounts.ts';
import { appWindow } from './app.ts';
import { DemoAuthenticator } from './authenticator.ts';
import { DemoBrowser } from './browser.ts';
import { findCodeField } from './code.ts';
import { element } from './element.ts';
import { listen } from './exchange.ts';
import type { Call } from './flows.ts';
import { DemoMailbox } from './mailbox.ts';
import { type Notice, notify } from './notice.ts';
import { DemoOtherBrowser, showAppAlone } from './other-browser.ts';
import { type OwnDevice, ownDevices } from './own-device.ts';
import { DemoPhone } from './phone.ts';
import { isDemo, isInPage, loaded, projectUrl, storageBlocked } from './project.ts';
import { DemoRequests } from './requests.ts';
import { DemoSession } from './session.ts';
import type { DemoSteps } from './steps.ts';
import { style } from './style.ts';

/** The key in session storage for the account that the reader has chosen. */
const chosenKey = 'demo-account';

class DemoDevices extends HTMLElement {
  readonly #flow = this.getAttribute('flow') ?? '';
  readonly #mailbox = new DemoMailbox();
  readonly #authenticator = new DemoAuthenticator();
  readonly #phone = new DemoPhone();
  readonly #session = new DemoSession();
  readonly #requests = new DemoRequests();
  readonly #other = new DemoOtherBrowser();
  #own: OwnDevice | undefined;
  #steps: DemoSteps | undefined;
  /** Each device with the button that brings it to the front. */
  readonly #tabs = new Map<HTMLElement, HTMLButtonElement>(
    [
      named('Mailbox', this.#mailbox),
      named('Authenticator', this.#authenticator),
      named('Phone', this.#phone),
      named('Session', this.#session),
      named('Requests', this.#requests),
    ].map((device) => [device, element('button', { onclick: () => this.#open(device) }, `${device.ariaLabel}`)]),
  );
  /** On narrow screens, the app is a tab too. */
  readonly #appTab = element('button', { className: 'app', onclick: () => this.#showPart('app') }, 'Your app');
  readonly #notice = element('p', {}, this.getAttribute('notice') ?? '');
  readonly #heard = element('div', { className: 'heard', role: 'log', ariaLive: 'polite', ariaLabel: 'News' });
  readonly #guide = element(
    'div',
    { className: 'guide', role: 'region', ariaLabel: 'Steps' },
    element(
      'div',
      { className: 'head' },
      element('p', { className: 'level' }, element('span', { className: 'heard' }, 'Session: '), this.#session.level),
      ...(isDemo ? [...this.#accounts(), startOverButton()] : []),
    ),
    ...(isDemo ? [] : [`Your app talks to ${projectUrl}. The devices show only what a page can see.`]),
    this.#notice,
    this.#heard,
  );
  readonly #bar = element(
    'div',
    { className: 'tabs', role: 'region', ariaLabel: 'Your devices' },
    this.#appTab,
    ...this.#tabs.values(),
  );
  readonly #pane = element('div', { className: 'devices' }, ...this.#tabs.keys());
  #calls: Call[] = [];
  #chosen = storageBlocked ? undefined : (sessionStorage.getItem(chosenKey) ?? undefined);
  #matters: HTMLElement | undefined;
  /**
   * Whether the pointer is over a device. Then no other device comes to the front, because nothing may move under the
   * reader's finger. A pointer that hasn't moved since the page was loaded doesn't count.
   */
  #isReaderAtDevice = false;

  connectedCallback(): void {
    if (isOtherBrowser) {
      showAppAlone(this);
      return;
    }
    for (const part of [this.#guide, this.#pane]) {
      part.addEventListener('notice', (event) => {
        this.#hear(event.target as HTMLElement, (event as CustomEvent<Notice>).detail);
      });
    }
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [style];
    shadow.append(this.#guide, element('slot'), this.#other, this.#bar, this.#pane);
    for (const [event, isThere] of Object.entries({ pointermove: true, pointerleave: false })) {
      this.#pane.addEventListener(event, () => {
        this.#isReaderAtDevice = isThere;
      });
    }
    for (const event of ['typed', 'elsewhere']) this.#pane.addEventListener(event, () => this.#showPart('app'));
    const own = isDemo && ownDevices?.[this.#flow];
    const ready = own ? this.#addOwn(...own) : undefined;
    this.#bringToFront(this.#mailbox);
    this.#showPart('app');
    this.hidden = false;
    this.querySelector<HTMLElement>('[autofocus]')?.focus(); // it couldn't take the focus while it was hidden

    listen((exchange) => {
      this.#requests.add(exchange);
      void this.#refresh();
    });
    this.#tick();
    setInterval(() => this.#tick(), 250); // the storage event isn't sent to the page that made the change
    void loaded.then(() => this.#beginGuiding(ready));
    addEventListener('called', () => void this.#refresh());
    document.addEventListener('visibilitychange', () => void this.#refresh()); // another tab may have used the same project
    if (!isDemo) setInterval(() => void this.#refresh(), 3000); // a real email takes a while
  }

  #accounts(): HTMLElement[] {
    return accountList(this.#flow, whereItLives(), (account) => this.#choose(account));
  }

  #tick(): void {
    this.#session.tick();
    this.#own?.tick?.(this.#calls);
    this.toggleAttribute('elsewhere', this.#other.isOpen);
    const account = this.#guideReader();
    this.#authenticator.tick(account?.email ?? '');
    const has = (type: string) => !account || account.factors.some((factor) => factor.type === type);
    for (const [device, type] of [
      [this.#authenticator, 'totp'],
      [this.#phone, 'phone'],
    ] as const) {
      const tab = this.#tabs.get(device);
      if (tab) tab.hidden = !has(type);
    }
    const matters = this.#whatMatters();
    if (matters && matters !== this.#matters) {
      if (!this.#isReaderAtDevice && !this.#pane.querySelector('.front:focus-within')) this.#bringToFront(matters);
      this.#markNews(matters);
    }
    this.#matters = matters;
    this.#showTabs();
  }

  /** Loads the steps after the app, which shouldn't wait for them. Then reads what earlier pages left. */
  async #beginGuiding(ready?: Promise<void>): Promise<void> {
    await Promise.all([this.#refresh(), ready]);
    if (!isDemo || !this.#flow) return;
    const { DemoSteps } = await import('./steps.ts');
    this.#steps = new DemoSteps(this.#flow, (email) => void startOver(email));
    this.#notice.before(this.#steps);
    this.#tick();
  }

  /** Adds the device that only this flow has. */
  async #addOwn(...[name, load]: (typeof ownDevices)[string]): Promise<void> {
    this.#own = named(name, await load(this.#mailbox, this.#other));
    const device = this.#own;
    const tab = element('button', { onclick: () => this.#open(device) }, name);
    this.#tabs.set(device, tab);
    this.#bar.insertBefore(tab, this.#tabs.get(this.#mailbox) ?? null);
    this.#pane.append(device);
  }

  /** Updates the steps, and fills their account into the app's form. Returns the account if it's in the cast. */
  #guideReader(): Account | undefined {
    if (!this.#steps) return undefined;
    const { account } = this.#steps.show({
      calls: this.#calls,
      chosen: this.#chosen,
      hasOpened: (email) => this.#mailbox.hasOpened(email),
      isAtStart: isAtStart(),
      address: location.href,
      heading: appWindow().document.querySelector('main h2')?.textContent ?? '',
      tried: this.#own?.tried,
      lost: this.#own?.lost,
    });
    prefill(account.email);
    return account.password ? account : undefined;
  }

  /** The device that the reader needs now, if any. */
  #whatMatters(): HTMLElement | undefined {
    if (this.#own?.isNext) return this.#own;
    if (findCodeField() && isAtStart()) return this.#mailbox; // this form takes an address and the code from an email
    if (findCodeField()) return this.#phone.hasTextFor(this.#session.email) ? this.#phone : this.#authenticator;
    return this.#mailbox.hasUnread ? this.#mailbox : undefined;
  }

  #choose(account: Account): void {
    this.#chosen = account.email;
    if (!storageBlocked) sessionStorage.setItem(chosenKey, account.email);
    this.#showPart('app');
    const said = fill(account)
      ? `Your app's form has ${account.email} now.`
      : 'Your app has no form for an account now.';
    notify(this.#guide, said);
  }

  /** Shows a device because the reader asks for it. */
  #open(device: HTMLElement): void {
    this.#bringToFront(device);
    this.#showPart('devices');
    this.#markNews(device);
    this.#showTabs();
  }

  /** Shows this device instead of the one in front. */
  #bringToFront(device: HTMLElement): void {
    for (const other of this.#tabs.keys()) other.classList.toggle('front', other === device);
  }

  /** Marks a device that has news, until it's seen. */
  #markNews(device: HTMLElement): void {
    const tab = this.#tabs.get(device);
    if (tab) tab.ariaLabel = device.checkVisibility() ? null : `${device.ariaLabel}, new`;
  }

  /** On narrow screens, shows either the app or the devices. */
  #showPart(part: 'app' | 'devices'): void {
    this.setAttribute('showing', part);
  }

  #showTabs(): void {
    this.#appTab.ariaExpanded = String(this.getAttribute('showing') === 'app');
    for (const [device, tab] of this.#tabs) tab.ariaExpanded = String(device.checkVisibility());
  }

  /** Updates emails, text messages and log. Reports once what can't be read. */
  async #refresh(): Promise<void> {
    const devices = [this.#mailbox, this.#phone, this.#requests];
    await Promise.all(
      devices.map((device) =>
        device.refresh().catch((error) => {
          const text = `${device.ariaLabel} couldn't be read: ${error}`;
          if (text !== this.#notice.textContent) notify(device, text, { tone: 'refused' });
        }),
      ),
    );
    this.#calls = this.#requests.logged;
    this.#tick();
  }

  /** Announces a notice to screen readers. Shows it, and marks its device if another one is in front. */
  #hear(device: HTMLElement, { text, shown, tone }: Notice): void {
    this.#heard.append(element('p', {}, text));
    if (this.#heard.childElementCount > 5) this.#heard.firstElementChild?.remove();
    if (!shown) return;
    this.#notice.textContent = text;
    this.#notice.className = tone;
    this.#markNews(device);
  }
}

function named<Device extends HTMLElement>(name: string, device: Device): Device {
  return Object.assign(device, { role: 'region', ariaLabel: name, tabIndex: -1 });
}

/** Returns the button that resets the demo project and this browser, and goes to the app's start. */
function startOverButton(): HTMLElement {
  return element('button', { onclick: () => startOver() }, 'Start over');
}

/** Resets everything. If an account is given, it's the chosen one afterwards. */
async function startOver(email?: string): Promise<void> {
  const answer = await fetch(`${projectUrl}/demo-project/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The demo project couldn't start over: it answered ${answer.status}`);
  if (!storageBlocked) {
    // On host `node`, other apps of the reader may have used this origin.
    for (const key of storedKeys().filter((key) => key.startsWith('sb-'))) localStorage.removeItem(key);
    sessionStorage.clear();
    if (email) sessionStorage.setItem(chosenKey, email);
  }
  location.replace(isInPage ? '.' : import.meta.env.BASE_URL);
}

function storedKeys(): string[] {
  return Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
}

function whereItLives(): string {
  return isInPage
    ? 'The project, its accounts and your session only exist in this tab. They are gone when you close it.'
    : 'The project and its accounts live in the dev server. All tabs share them, and they are gone when it stops.';
}

customElements.define('demo-browser', DemoBrowser);
customElements.define('demo-other-browser', DemoOtherBrowser);
customElements.define('demo-mailbox', DemoMailbox);
customElements.define('demo-authenticator', DemoAuthenticator);
customElements.define('demo-phone', DemoPhone);
customElements.define('demo-session', DemoSession);
customElements.define('demo-requests', DemoRequests);
customElements.define('demo-devices', DemoDevices);
