import { element } from './element.ts';
import { notify } from './notice.ts';
import { projectUrl, storageBlocked } from './project.ts';

/** What an access token of Supabase Auth says, as far as it is shown. */
interface Claims {
  aal: 'aal1' | 'aal2';
  amr: { method: string; timestamp: number }[];
  email: string;
  exp: number;
  session_id: string;
}

/** Where supabase-js keeps the session of this project. */
const storageKey = `sb-${new URL(projectUrl).hostname.split('.')[0]}-auth-token`;

/** `<demo-session>`: the session that supabase-js has stored, as its access token describes it. */
export class DemoSession extends HTMLElement {
  readonly #chip = element('span');
  readonly #facts = {
    User: element('dd'),
    amr: element('dd'),
    Expires: element('dd'),
    'Session id': element('dd'),
    'Just now': element('dd'),
  };
  readonly #token = element('pre');
  #stored: string | null | undefined;
  #claims: Claims | undefined;

  connectedCallback(): void {
    this.append(element('h3', {}, 'Session ', this.#chip));
    if (storageBlocked) {
      const where = 'supabase-js keeps the session in memory then, where only the app can see it.';
      this.append(element('p', {}, `This browser blocks storage (${storageBlocked}). ${where}`));
      return;
    }
    this.append(
      element('dl', {}, ...Object.entries(this.#facts).flatMap(([name, fact]) => [element('dt', {}, name), fact])),
      element('details', {}, element('summary', {}, 'Decoded access token'), this.#token),
    );
    this.#tick();
    setInterval(() => this.#tick(), 250); // storage tells other pages of a change, not its own
  }

  #tick(): void {
    const stored = localStorage.getItem(storageKey);
    if (stored !== this.#stored) this.#show(stored);
    this.#stored = stored;
    this.#facts.Expires.textContent = this.#claims ? expiry(this.#claims.exp) : '–';
  }

  #show(stored: string | null): void {
    const before = this.#claims;
    const now = stored === null ? undefined : decode(JSON.parse(stored).access_token);
    const tone = now?.aal ?? 'none';
    const change = describe(before, now);
    this.#claims = now;
    this.#chip.className = `chip ${tone}`;
    this.#chip.textContent = now?.aal ?? 'no session';
    this.#facts.User.textContent = now?.email || '–';
    this.#facts.amr.textContent =
      now?.amr.map(({ method, timestamp }) => `${method} ${timeOf(timestamp)}`).join(', ') || '–';
    this.#facts['Session id'].textContent = now?.session_id ?? '–';
    this.#facts['Just now'].textContent = change;
    this.#token.textContent = now ? JSON.stringify(now, null, 2) : 'There is no token.';
    if (before || now) notify(this, `Session: ${change}.`, { tone });
  }
}

/** The claims of a JWT. Its signature is the server's business. */
function decode(token: string): Claims {
  const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))));
}

function describe(before: Claims | undefined, now: Claims | undefined): string {
  if (!now) return before ? 'it ended' : '–';
  const methods = now.amr.map(({ method }) => method).join(', ');
  if (before?.session_id !== now.session_id) return `${before ? 'another' : 'a'} session, ${now.aal}, by ${methods}`;
  if (before.aal !== now.aal) return `${before.aal} → ${now.aal}, in the same session, by ${methods}`;
  return `new tokens, still ${now.aal}`;
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString();
}

function expiry(seconds: number): string {
  const left = Math.round(seconds - Date.now() / 1000);
  const told = left > 90 ? `in ${Math.round(left / 60)} min` : left > 0 ? `in ${left} s` : 'over';
  return `${timeOf(seconds)} (${told})`;
}
