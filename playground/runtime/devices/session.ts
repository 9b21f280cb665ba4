import { appWindow } from './app.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';
import { projectUrl, storageBlocked, timePassed } from './project.ts';

/** The claims of an access token that are shown. */
interface Claims {
  aal: 'aal1' | 'aal2';
  amr: { method: string; timestamp: number }[];
  email: string;
  exp: number;
  session_id: string;
}

/** Where supabase-js keeps the session of this project. */
const storageKey = `sb-${new URL(projectUrl).hostname.split('.')[0]}-auth-token`;

/** The cookies of an app that keeps its session in them, told by its host, because scripts can't read them. `null` for other apps. */
const cookies = () => document.querySelector('demo-devices')?.getAttribute('cookies') ?? null;

/** Returns the session that @supabase/ssr stores in cookies, split if it's long. `null` if there is none. */
function inCookies(header: string): string | null {
  const parts = [...header.matchAll(/sb-[^=;]+-auth-token(?:\.(\d+))?=([^;]*)/g)];
  const value = parts
    .sort(([, a = 0], [, b = 0]) => Number(a) - Number(b))
    .map(([, , part]) => part)
    .join('');
  return value === '' ? null : decodeBase64(value.replace('base64-', ''));
}

/** `<demo-session>`: the session that supabase-js has stored, as its access token describes it. */
export class DemoSession extends HTMLElement {
  /** The level alone, for the place where it's always visible. */
  readonly level = element('span');
  readonly #chip = element('span');
  readonly #facts = {
    User: element('dd'),
    amr: element('dd'),
    Expires: element('dd'),
    'Session id': element('dd'),
    'Just now': element('dd'),
    ...(cookies() === null ? {} : { Cookies: element('dd') }),
  };
  readonly #decoded = element('pre');
  #token: string | null | undefined;
  #window: Window = window;
  #claims: Claims | undefined;

  /** The email of the session's user. Empty if there's no session. */
  get email(): string {
    return this.#claims?.email ?? '';
  }

  connectedCallback(): void {
    this.append(element('h3', {}, 'Session ', this.#chip));
    if (storageBlocked && cookies() === null) {
      const where = 'So supabase-js keeps the session in memory, where only the app can see it.';
      this.append(element('p', {}, `This browser blocks storage (${storageBlocked}). ${where}`));
      return;
    }
    this.append(
      element('dl', {}, ...Object.entries(this.#facts).flatMap(([name, fact]) => [element('dt', {}, name), fact])),
      element('details', {}, element('summary', {}, 'Decoded access token'), this.#decoded),
    );
  }

  /** Shows the current session and announces what changed. */
  tick(): void {
    const header = cookies();
    if (storageBlocked && header === null) return;
    const shown = appWindow();
    if (shown !== this.#window) [this.#window, this.#token, this.#claims] = [shown, undefined, undefined]; // it's another browser's
    const stored = header === null ? shown.localStorage.getItem(storageKey) : inCookies(header);
    if (this.#facts.Cookies) this.#facts.Cookies.textContent = describeCookies(header ?? '');
    const token = stored === null ? null : JSON.parse(stored).access_token;
    if (token !== this.#token) this.#show(token);
    this.#token = token;
    this.#facts.Expires.textContent = this.#claims ? expiry(this.#claims.exp) : '–';
  }

  #show(token: string | null): void {
    const before = this.#claims;
    const now = token === null ? undefined : decode(token);
    const tone = now?.aal ?? 'none';
    const change =
      this.#token === undefined && now ? `Session at ${now.aal} (${methods(now.amr)})` : describe(before, now);
    this.#claims = now;
    for (const chip of [this.level, this.#chip]) {
      chip.className = `chip ${tone}`;
      chip.textContent = now?.aal ?? 'no session';
    }
    this.#facts.User.textContent = now?.email || '–';
    this.#facts.amr.textContent =
      now?.amr.map(({ method, timestamp }) => `${method} ${timeOf(timestamp)}`).join(', ') || '–';
    this.#facts['Session id'].textContent = now?.session_id ?? '–';
    this.#facts['Just now'].textContent = change;
    this.#decoded.textContent = now ? JSON.stringify(now, null, 2) : 'No token yet.';
    if (before || now) notify(this, `${change}.`, { tone });
  }
}

/** Returns the claims of a JWT, without checking the signature. */
export function decode(token: string): Claims {
  return JSON.parse(decodeBase64(token.split('.')[1] ?? ''));
}

function decodeBase64(text: string): string {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

/** Returns the names of the cookies and the lengths of their values. The values tell a reader nothing. */
function describeCookies(header: string): string {
  const all = header.split('; ').filter((cookie) => cookie !== '');
  if (all.length === 0) return 'none';
  return all
    .map((cookie) => `${cookie.replace(/=.*/, '')} (${cookie.replace(/^[^=]*=/, '').length} characters)`)
    .join(', ');
}

function describe(before: Claims | undefined, now: Claims | undefined): string {
  if (!now) return before ? 'The session has ended' : '–';
  if (before?.session_id !== now.session_id) return `New session at ${now.aal} (${methods(now.amr)})`;
  const added = now.amr.filter(({ method }) => !before.amr.some((known) => known.method === method));
  if (added.length === 0) return `New tokens, still at ${now.aal}`;
  return `Same session, raised from ${before.aal} to ${now.aal} (${methods(added)})`;
}

function methods(amr: Claims['amr']): string {
  return amr.map(({ method }) => method).join(', ');
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString();
}

function expiry(seconds: number): string {
  const left = Math.round(seconds - (Date.now() + timePassed()) / 1000);
  const told = left > 90 ? `in ${Math.round(left / 60)} min` : left > 0 ? `in ${left} s` : 'expired';
  return `${timeOf(seconds)} (${told})`;
}
