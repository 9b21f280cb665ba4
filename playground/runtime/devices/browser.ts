import type { SeenCall } from '../messages.ts';
import { element, shorten } from './element.ts';
import { style } from './style.ts';

/** The address that the page was loaded with. This module runs before supabase-js removes the tokens from it. */
const arrived = new URL(location.href);

/** The parameters that a reset link adds to the address. */
const brought = /[?&#](code|token_hash|access_token|error)=/;

const entriesAtArrival = history.length;

/** Returns the text of the app's page, its address, the address that it was loaded with, and how many history entries it has added since. */
export function lookAtPage(): SeenCall['page'] {
  return {
    text: document.querySelector('main')?.innerText ?? '',
    address: location.href,
    arrivedAt: arrived.href,
    entriesAdded: history.length - entriesAtArrival,
  };
}

/** `<demo-browser>`: a browser window around the app. Its address bar keeps showing the parameters of the link. */
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
    setInterval(() => this.#tick(), 250); // no event reports `history.replaceState`
  }

  #tick(): void {
    // Only while the app stays on the page that the link opened. Back at its start, the link is history.
    const isCleared = brought.test(arrived.href) && !brought.test(location.href) && location.search !== '';
    const whole = isCleared ? `${arrived}\n\nYour app has replaced it with\n${location}` : location.href;
    if (this.#whole.textContent === whole) return;
    const { host, pathname, search, hash } = isCleared ? arrived : location;
    this.#whole.textContent = whole;
    const link = shorten(search + skip(hash));
    this.#address.textContent = (link.includes('=') ? '…/' : host + pathname) + link; // leaves room for the parameters
    this.#note.textContent = isCleared ? 'as it arrived' : '';
  }
}

/** Returns a fragment with only the parameters that matter here. */
function skip(hash: string): string {
  if (!/[#&](access_token|error)=/.test(hash)) return hash;
  return hash.replace(/&(?!type=|error)[^&]*/g, '&…').replace(/(&…)+/g, '&…');
}
