import { element, shorten } from './element.ts';
import { style } from './style.ts';

/** The address that the page was loaded with. This module runs before supabase-js takes the tokens out of it. */
const arrived = new URL(location.href);

/** The same without what a link brought. */
const cleared = new URL(arrived);
cleared.hash = '';
if (cleared.searchParams.has('code')) cleared.searchParams.delete('code');

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
    const isCleared = location.href !== arrived.href && location.href.replace(/#$/, '') === cleared.href;
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
