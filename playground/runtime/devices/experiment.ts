import { appWindow } from './app.ts';
import { element } from './element.ts';
import looks from './experiment.css?inline';
import type { Call, Tried } from './flows.ts';
import type { DemoMailbox, Message, UsedMail } from './mailbox.ts';
import { notify } from './notice.ts';
import { browserFrame, type DemoOtherBrowser, follow } from './other-browser.ts';
import { inboxUrl, isDemo, isInPage, letTimePass, projectUrl, readJson } from './project.ts';
import { type Happening, type Result, summarize, type Way, ways } from './ways.ts';

/** What this tab stores about a try. */
interface Kept {
  /** What the reader has chosen. */
  way?: Way;
  /** How many emails had been requested when this try began, and how many since the app last requested one. */
  before: number;
  asked: number;
  /** What has happened to the newest email. */
  happened: Happening[];
  /** The numbers of the links that the scanner opened since then. */
  scans: number[];
  /** The email that the reader is using, if the mailbox has reported it. */
  mail?: UsedMail | undefined;
  /** Emails that led to a session. */
  usedUp: string[];
  /** How many uses since the last request have a result, and all results, oldest first. */
  concluded: number;
  results: Result[];
}

const style = new CSSStyleSheet();
style.replaceSync(looks);

const key = 'demo-experiment';
const nothing: Kept = { before: 0, asked: 0, happened: [], scans: [], usedUp: [], concluded: 0, results: [] };

/**
 * `<demo-experiment>` lets the reader set what the reset email contains and what happens to it. Shows how that ended.
 */
export class DemoExperiment extends HTMLElement {
  readonly #mailbox: DemoMailbox;
  readonly #other: DemoOtherBrowser;
  readonly #choice = element('fieldset', {}, element('legend', {}, 'What the email contains'));
  readonly #happenings = element('div', { className: 'happenings', role: 'group', ariaLabel: 'What happens to it' });
  readonly #results = element('ul', { className: 'results' });
  #kept: Kept = { ...nothing, ...JSON.parse(sessionStorage.getItem(key) ?? '{}') };
  #calls: Call[] = [];

  constructor(mailbox: DemoMailbox, other: DemoOtherBrowser) {
    super();
    this.#mailbox = mailbox;
    this.#other = other;
    mailbox.addEventListener('used', (event) => this.#keep({ mail: (event as CustomEvent<UsedMail>).detail }));
  }

  connectedCallback(): void {
    (this.getRootNode() as ShadowRoot).adoptedStyleSheets.push(style);
    this.append(element('h3', {}, 'Experiment'));
    if (!isDemo) {
      this.append(
        element('p', {}, "A real project keeps its settings and its time. Change the email in the project's settings."),
      );
      return;
    }
    // "Start again" in the app leads to its plain address, which asks for implicit links.
    if (this.#kept.way === 'pkce' && location.search === '' && location.hash === '') location.replace('?pkce');
    for (const [way, { name }] of Object.entries(ways)) {
      const checked = way === (this.#kept.way ?? 'implicit');
      this.#choice.append(
        element('label', {}, element('input', { type: 'radio', name: 'way', value: way, checked }), ` ${name}`),
      );
    }
    this.#happenings.append(
      element('h4', {}, 'What happens to it'),
      element('button', { onclick: () => this.#scan() }, 'An email scanner opens it'),
      element('button', { onclick: () => this.#useElsewhere() }, 'Use it in another browser'),
      element('button', { onclick: () => this.#wait('minutes', 6) }, 'Six minutes pass'),
      element('button', { onclick: () => this.#wait('hour', 60) }, 'An hour passes'),
      element(
        'p',
        { className: 'quiet' },
        'Or ask your app again and use the older email. Or use the same email twice.',
      ),
    );
    this.append(
      this.#choice,
      element('button', { onclick: () => this.#begin() }, 'Begin this try'),
      this.#happenings,
      this.#results,
    );
    this.#showResults();
  }

  /** Whether the reader has to do something here. */
  get isNext(): boolean {
    const { way, isAsked, hasHappened, result } = this.tried;
    return way === undefined || (isAsked && !hasHappened && result === undefined);
  }

  get tried(): Tried {
    const { way, asked, before, happened, concluded, results } = this.#kept;
    const isElsewhere = this.#other.isOpen;
    return {
      way,
      isAsked: asked > before,
      hasHappened: happened.length > 0 || isElsewhere,
      isElsewhere,
      result: concluded > 0 ? results.at(-1) : undefined,
    };
  }

  /** Updates the experiment from the calls in Auth's log. */
  tick(calls: Call[]): void {
    this.#calls = calls;
    const asked = calls.filter(isEmailAskedFor).length;
    if (asked > this.#kept.asked) this.#keep({ asked, happened: [], scans: [], concluded: 0, mail: undefined });
    this.#happenings.hidden = !this.tried.isAsked;
    this.#conclude();
  }

  /** Starts a try: sets the project's email, and goes to the app's start. */
  async #begin(): Promise<void> {
    const way = this.#choice.querySelector<HTMLInputElement>(':checked')?.value as Way;
    const { content } = ways[way];
    const template = content ? { template: { recovery: { subject: 'Reset your password', content } } } : {};
    await post('settings', { auth: { email: template } });
    this.#keep({ way, before: this.#kept.asked, happened: [], concluded: 0, mail: undefined });
    location.replace(`${isInPage ? '.' : import.meta.env.BASE_URL}${way === 'pkce' ? '?pkce' : ''}`);
  }

  /** Opens the link as an email scanner does: it loads the page, and runs its scripts, but it presses no button. */
  async #scan(): Promise<void> {
    const link = await this.#newestLink();
    const opened = this.#linksOpened().length;
    this.#happens('scanner');
    if (!link) {
      notify(this, 'The scanner found no link in the email.');
      return;
    }
    const { pathname, search } = new URL(link);
    if (pathname.startsWith('/auth/v1/')) {
      this.#keep({ scans: [...this.#kept.scans, opened] });
      await fetch(isInPage ? link : pathname + search, { redirect: 'manual' });
    } else {
      const frame = browserFrame('Eemail scanner', link);
      frame.hidden = true;
      this.append(frame);
      frame.addEventListener('load', () => frame.remove());
    }
    notify(this, 'An email scanner has opened the link. Now use the email yourself.');
  }

  async #useElsewhere(): Promise<void> {
    const link = await this.#newestLink();
    this.#keep({ mail: undefined });
    const address = link ? await follow(link) : '.';
    const isOfApp = new URL(address, location.href).origin === location.origin;
    if (isOfApp) {
      this.#other.open(address);
      this.dispatchEvent(new Event('elsewhere', { bubbles: true }));
    } else notify(this, `The link leads to another site: ${address}`, { tone: 'refused' });
  }

  async #wait(happening: Happening, minutes: number): Promise<void> {
    await letTimePass(minutes);
    this.#happens(happening);
    notify(this, `${minutes === 60 ? 'An hour has' : 'Six minutes have'} passed. Now use the email.`);
  }

  #happens(happening: Happening): void {
    this.#keep({ happened: [...this.#kept.happened, happening] });
  }

  async #newestLink(): Promise<string | undefined> {
    const { HTML } = await readJson<Message>(`${inboxUrl}/message/${this.#mailbox.newestId}`);
    return new DOMParser().parseFromString(HTML, 'text/html').querySelector('a')?.href;
  }

  /** Returns the calls since the app last requested an email. */
  #recent(): Call[] {
    return this.#calls.slice(this.#calls.findLastIndex(isEmailAskedFor) + 1);
  }

  #linksOpened(): Call[] {
    return this.#recent().filter(({ method, path }) => method === 'GET' && path === '/verify');
  }

  /** Finds out how the use of an email ended, once there is a result. */
  #conclude(): void {
    const { concluded, scans, usedUp, way = 'implicit', happened, results } = this.#kept;
    const opened = this.#linksOpened();
    const uses = this.#recent().filter(
      (call) => call.path === '/verify' && !scans.some((number) => opened[number] === call),
    );
    const use = uses[concluded];
    if (!use || !this.tried.isAsked) return;
    const newest = { id: this.#mailbox.newestId, way, isNewest: true };
    const mail = this.#kept.mail ?? newest;
    const works = !use.refused && (mail.way !== 'pkce' || this.#isCodeTaken(use));
    if (works === undefined) return;
    const result: Result = {
      way: mail.way,
      works,
      happened: [
        ...(mail.isNewest ? happened : (['newer'] as const)),
        ...(usedUp.includes(mail.id) ? (['twice'] as const) : []),
        ...(this.#other.isOpen ? (['browser'] as const) : []),
      ],
    };
    this.#keep({
      concluded: concluded + 1,
      results: [...results, result],
      usedUp: works ? [...usedUp, mail.id] : usedUp,
    });
    this.#showResults();
  }

  /** Whether the code of an opened PKCE link gave a session. `undefined` while the app hasn't said. */
  #isCodeTaken(opened: Call): boolean | undefined {
    const exchange = this.#calls.slice(this.#calls.indexOf(opened)).find(({ path }) => path === '/token');
    if (exchange) return !exchange.refused;
    // Without the code verifier, supabase-js sends no request.
    return appWindow().document.querySelector('[role="alert"]') ? false : undefined;
  }

  #showResults(): void {
    this.#results.replaceChildren(
      ...this.#kept.results.toReversed().map((result) => {
        const className = result.works ? 'chip' : 'chip refused';
        const chip = element('span', { className }, result.works ? 'works' : 'refused');
        return element('li', {}, chip, ` ${summarize(result)}`);
      }),
    );
  }

  #keep(changes: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...changes };
    sessionStorage.setItem(key, JSON.stringify(this.#kept));
  }
}

function isEmailAskedFor({ path, refused, user }: Call): boolean {
  return path === '/recover' && !refused && user !== undefined;
}

async function post(path: string, body: object): Promise<void> {
  const answer = await fetch(`${projectUrl}/demo-project/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`The demo project answered ${answer.status}: ${await answer.text()}`);
}

customElements.define('demo-experiment', DemoExperiment);
