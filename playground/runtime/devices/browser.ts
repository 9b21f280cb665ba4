import type { SeenCall } from '../messages.ts';
import { element, shorten } from './element.ts';
import { style } from './style.ts';

/** The address that the page was loaded with. This module runs before supabase-js takes the tokens out of it. */
const arrived = new URL(location.href);

/** What a link brings in an address. */
const brought = /[?&#](code|token_hash|access_token|error)=/;

const entriesAtArrival = history.length;

/** How the app's page looks now, its address, the one that it was loaded with, and how many entries it has added to the history since. */
export function lookAtPage(): SeenCall['page'] {
  return {
    text: document.querySelector('main')?.innerText ?? '',
    address: location.href,
    arrivedAt: arrived.href,
    entriesAdded: history.length - entriesAtArrival,
  };
}

/** `<demo-browser>`: a browser's frame around the app. Its address bar goes on showing what a link brought. */
export class DemoBrowser extends HTMLElement {
  readonly #address = element('code');
  readonly #note = element('span', { className: 'quiet' });
  readonly #whole = element('pre', { popover: 'auto' });

  connectedCallback(): void {
    const shadow = this.attachShadow({ mode: 'open' });
    shadow.adoptedStyleSheets = [style];
    shadow.append(
      element(
        'div',
        { className: 'bar', role: 'region', ariaLabel: 'Address bar' },
        element(
          'button',
          { onclick: () => location.reload(), ariaLabel: 'Reload the page', title: 'Reload the page' },
          '↻',
        ),
        element(
          'div',
          {},
          this.#address,
          this.#note,
          element(
            'button',
            { popoverTargetElement: this.#whole, ariaLabel: 'Show the whole address', title: 'Show the whole address' },
            '⋯',
          ),
        ),
        this.#whole,
      ),
      element('div', { className: 'view' }, element('slot')),
    );
    this.#tick();
    setInterval(() => this.#tick(), 250); // nothing tells of `history.replaceState`
  }

  #tick(): void {
    // On a page of the app that has an address of its own: back at its start, the app has moved on.
    const isCleared = brought.test(arrived.href) && !brought.test(location.href) && location.search !== '';
    const whole = isCleared ? `${arrived}\n\nYour app has replaced it with\n${location}` : location.href;
    if (this.#whole.textContent === whole) return;
    const { host, pathname, search, hash } = isCleared ? arrived : location;
    this.#whole.textContent = whole;
    const link = shorten(search + skip(hash));
    this.#address.textContent = (link.includes('=') ? '…/' : host + pathname) + link; // there's room for what tells the story
    this.#note.textContent = isCleared ? 'as it arrived' : '';
  }
}

/** A fragment with only those parameters that tell the story. */
function skip(hash: string): string {
  if (!/[#&](access_token|error)=/.test(hash)) return hash;
  return hash.replace(/&(?!type=|error)[^&]*/g, '&…').replace(/(&…)+/g, '&…');
}
