import { isOtherBrowser, mark } from '../other-browser.ts';
import { replaceStorage } from '../web-storage.ts';
import { element } from './element.ts';
import { listen } from './exchange.ts';
import { isInPage, projectUrl } from './project.ts';
import { style } from './style.ts';

// Host `page` has already done this.
if (isOtherBrowser && !isInPage) {
  const [local, session] = JSON.parse(window.name || '[[],[]]').map((items: [string, string][]) => new Map(items));
  replaceStorage(local, session, () => {
    window.name = JSON.stringify([[...local], [...session]]);
  });
}

const alone = new CSSStyleSheet();
alone.replaceSync(`
  :host(demo-devices) { grid-template: minmax(0, 1fr) / minmax(0, 1fr) }
  ::slotted(demo-browser) { grid-area: 1 / 1 }
`);

/** Shows the app without devices: they're beside the app in the first browser. */
export function showAppAlone(devices: HTMLElement): void {
  const shadow = devices.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [style, alone];
  shadow.append(element('slot'));
  devices.hidden = false;
  document.documentElement.style.colorScheme = parent.document.documentElement.style.colorScheme;
  const tell = () => void parent.dispatchEvent(new Event('called'));
  if (!isInPage) listen(tell); // on host `page`, the first browser sees these calls itself
  tell();
}

/**
 * Returns where an email's link leads. If it leads to Auth in this page, requests it, which uses the link, because the
 * browser can't navigate there. Throws if it leads nowhere.
 */
export async function follow(href: string): Promise<string> {
  const { origin, pathname, search } = new URL(href);
  if (!pathname.startsWith('/auth/v1/')) return href;
  // Behind a proxy, as in StackBlitz, the reader's origin is not the one that the server knows.
  if (!isInPage || origin !== projectUrl) return pathname + search;
  const answer = await fetch(href, { redirect: 'manual' });
  const target = answer.headers.get('location');
  if (!target) throw new Error(`The link leads nowhere. The server answered ${answer.status}.`);
  return target;
}

/** A frame that acts as a browser of its own: its page has web storage that no other page sees. */
export function browserFrame(title: string, src: string): HTMLIFrameElement {
  const frame = element('iframe', { title, src });
  frame.setAttribute(mark, '');
  return frame;
}

/**
 * `<demo-other-browser>`: another browser, in front of the first one while it's open. Closing it deletes what it
 * stored.
 */
export class DemoOtherBrowser extends HTMLElement {
  readonly #close = element('button', { onclick: () => this.close() }, 'Close this browser');

  connectedCallback(): void {
    this.role = 'region';
    this.ariaLabel = 'Another browser';
  }

  get isOpen(): boolean {
    return this.childElementCount > 0;
  }

  /** Opens an address in it. */
  open(address: string): void {
    const frame = browserFrame('Your app in another browser', address);
    this.replaceChildren(
      element('div', { className: 'title' }, element('b', {}, 'Another browser'), this.#close),
      frame,
    );
    frame.addEventListener('load', () => frame.focus(), { once: true });
  }

  close(): void {
    this.replaceChildren();
  }
}
