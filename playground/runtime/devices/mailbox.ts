import { codeActions } from './code.ts';
import { element, shorten } from './element.ts';
import { notify } from './notice.ts';
import { inboxUrl, isDemo, isInPage, projectUrl, readJson } from './project.ts';
import { type Way, wayOf } from './ways.ts';

/** The fields of Mailpit's answers to `/messages` and `/message/{ID}` that this code reads. */
interface Summary {
  ID: string;
  Read: boolean;
  Subject: string;
  To: { Address: string }[];
  Created: string;
}

export interface Message {
  HTML: string;
  Text: string;
}

/** An email whose link or code the reader uses. */
export interface UsedMail {
  id: string;
  way: Way;
  /** Whether no email came after it. */
  isNewest: boolean;
}

/** `<demo-mailbox>`: the mail of all demo accounts, newest first, with the open email below. A `used` event says which email the reader uses. */
export class DemoMailbox extends HTMLElement {
  readonly #count = element('span', { className: 'badge' });
  readonly #list = element('ul', { className: 'mails' });
  readonly #opened = element('div', { className: 'mail', tabIndex: 0, role: 'group', ariaLabel: 'Opened email' });
  readonly #rows = new Map<string, HTMLButtonElement>();
  /** The newest email to each address. */
  readonly #newest = new Map<string, Summary>();
  /** Reports that the reader uses the open email. */
  #tellUse = () => {};
  #started?: true;

  /** Whether there's an email that wasn't opened yet. */
  get hasUnread(): boolean {
    return this.#list.querySelector('.unread') !== null;
  }

  /** Whether the newest email to this address was opened. */
  hasOpened(address: string): boolean {
    return this.#newest.get(address)?.Read ?? false;
  }

  /** The newest email. Empty if there is none. */
  get newestId(): string {
    return [...this.#rows.keys()].at(-1) ?? '';
  }

  connectedCallback(): void {
    this.append(element('h3', {}, 'Mailbox ', this.#count));
    if (!inboxUrl) {
      this.append(
        element(
          'p',
          {},
          'A real project sends its emails to real inboxes. If yours go to Mailpit, set VITE_MAILPIT_URL to see them here.',
        ),
      );
      return;
    }
    this.#opened.append(element('p', { className: 'quiet' }, 'Open an email to read it here.'));
    this.append(this.#list, this.#opened);
  }

  /** Shows new mail, and announces it except when the page has just loaded. */
  async refresh(): Promise<void> {
    if (!inboxUrl) return;
    const { messages } = await readJson<{ messages: Summary[] }>(`${inboxUrl}/messages`);
    for (const mail of messages.toReversed()) {
      if (this.#rows.has(mail.ID)) continue;
      const to = mail.To.map(({ Address }) => Address).join(', ');
      const row = element(
        'button',
        { className: mail.Read ? '' : 'unread', onclick: () => this.#open(mail, row) },
        element('b', {}, mail.Subject),
        element('span', {}, `to ${to}`),
        element('time', {}, new Date(mail.Created).toLocaleTimeString()),
      );
      this.#rows.set(mail.ID, row);
      this.#list.prepend(element('li', {}, row));
      this.#newest.set(to, mail);
      if (this.#started) notify(this, `New email for ${to}.`);
    }
    this.#started = true;
    this.#countUnread();
  }

  #countUnread(): void {
    const unread = this.#list.querySelectorAll('.unread').length;
    this.#count.textContent = unread > 0 ? `${unread} new` : '';
  }

  async #open(mail: Summary, row: HTMLButtonElement): Promise<void> {
    const { HTML, Text } = await readJson<Message>(`${inboxUrl}/message/${mail.ID}`);
    const body = HTML ? this.#copy(new DOMParser().parseFromString(HTML, 'text/html').body) : [Text];
    this.#opened.replaceChildren(...body);
    this.#opened.scrollTop = 0;
    this.#tellUse = () => {
      const detail: UsedMail = { id: mail.ID, way: wayOf(HTML), isNewest: mail.ID === this.newestId };
      this.dispatchEvent(new CustomEvent('used', { detail }));
    };
    for (const other of this.#rows.values()) other.ariaExpanded = String(other === row);
    row.classList.remove('unread');
    mail.Read = true;
    this.#countUnread();
  }

  /** Returns the email's text and links, without the rest of its HTML. */
  #copy(from: Node): (Node | string)[] {
    return [...from.childNodes].flatMap((node): (Node | string)[] => {
      if (node instanceof Text) return [node.data];
      if (!(node instanceof HTMLElement) || node.matches('script, style')) return [];
      if (node instanceof HTMLAnchorElement) return this.#link(node);
      if (/^\s*\d{6}\s*$/.test(node.textContent ?? '')) return this.#code(node.textContent?.trim() ?? '');
      const tag = /^H\d$/.test(node.tagName) ? 'b' : /^(P|DIV|LI)$/.test(node.tagName) ? 'p' : 'span';
      return [element(tag, {}, ...this.#copy(node))];
    });
  }

  #code(digits: string): Node[] {
    const code = element('code', {}, digits);
    const actions = codeActions(this, code);
    actions.addEventListener('click', () => this.#tellUse());
    return [element('p', {}, code), actions];
  }

  #link({ href, textContent }: HTMLAnchorElement): (Node | string)[] {
    const label = textContent ?? '';
    const address = element('small', { className: 'quiet' }, shorten(href));
    if (!/^https?:/.test(href)) return [label, ' ', address];

    const { origin, pathname, search } = new URL(href);
    const isOfProject = pathname.startsWith('/auth/v1/');
    if (isInPage && origin === projectUrl && isOfProject) {
      const follow = (event: MouseEvent) => {
        event.preventDefault();
        if (event.detail > 1) return;
        this.#tellUse();
        void this.#follow(href);
      };
      return [element('a', { href, onclick: follow, onauxclick: follow }, label), address];
    }
    // Behind a proxy, as in StackBlitz, the reader's origin differs from the one that the server knows.
    const isOfDemo = isDemo && !isInPage && isOfProject;
    if (!isOfDemo && origin !== projectUrl && origin !== location.origin)
      return [element('a', { href, target: '_blank', rel: 'noreferrer' }, `${label} (opens another site)`), address];
    const onclick = (event: MouseEvent) => {
      if (event.detail > 1) event.preventDefault();
      else this.#tellUse();
    };
    return [element('a', { href: isOfDemo ? pathname + search : href, onclick }, label), address];
  }

  /** Requests the link and follows the answer, because the browser can't navigate to a project in the page. */
  async #follow(href: string): Promise<void> {
    let answer: Response;
    try {
      await fetch(location.href, { method: 'HEAD', cache: 'no-store' }); // without a connection, the request would use up the link and lead nowhere
      answer = await fetch(href, { redirect: 'manual' });
    } catch {
      notify(this, "You're offline, so the link wasn't opened. Try again when you're online.", { tone: 'refused' });
      return;
    }
    const target = answer.headers.get('location');
    if (!target) {
      notify(this, `The link didn't work. The server answered ${answer.status}: ${await answer.text()}`, {
        tone: 'refused',
      });
      return;
    }
    if (new URL(target).origin !== location.origin) {
      this.#opened.append(
        element(
          'p',
          {},
          'The link leads to another site: ',
          element('a', { href: target, target: '_blank', rel: 'noreferrer' }, shorten(target)),
        ),
      );
      return;
    }
    const onlyTheFragmentDiffers = target.includes('#') && target.split('#')[0] === location.href.split('#')[0];
    location.assign(target);
    if (onlyTheFragmentDiffers) location.reload();
  }
}
