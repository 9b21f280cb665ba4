/**
 * Host `page` for an app that runs on a server. The server's code runs in the page, unchanged. What a browser does around it is done here: cookies,
 * links, forms, and redirects. The app's address stands behind the `#`.
 *
 * A page may neither send a `Cookie` header nor read `Set-Cookie`: a `Request` and a `Response` made here drop them. So both get headers
 * that keep them.
 */
import type { ServerApp } from './server.ts';

/** The cookies, kept across page loads. */
const cookies = new Map<string, string>(JSON.parse(sessionStorage.getItem('cookies') ?? '[]'));

class ResponseWithCookies extends Response {
  constructor(body?: BodyInit | null, init?: ResponseInit) {
    super(body, init);
    const headers = new Headers(this.headers);
    for (const cookie of new Headers(init?.headers).getSetCookie()) headers.append('set-cookie', cookie);
    Object.defineProperty(this, 'headers', { value: headers });
  }
}

/** Runs the app from now on. */
export function serveInPage(app: ServerApp): void {
  window.Response = ResponseWithCookies;
  Object.assign(globalThis, {
    serverEnvironment: { SUPABASE_URL: location.origin, SUPABASE_PUBLISHABLE_KEY: 'demo-key' },
  });

  const here = () => location.hash.slice(1) || '/';
  const get = () => void visit(new Request(new URL(here(), location.origin)));

  /** Sends a request, stores the cookies of the response, and shows it or follows its redirect. */
  async function visit(request: Request): Promise<void> {
    const headers = new Headers(request.headers);
    headers.set('cookie', cookieHeader());
    headers.set('sec-fetch-site', 'same-origin');
    Object.defineProperty(request, 'headers', { value: headers });
    const response = await app.fetch(request);
    for (const cookie of response.headers.getSetCookie()) keep(cookie);
    const leadsTo = response.headers.get('location');
    if (leadsTo === null) show(await response.text());
    else go(leadsTo);
  }

  function go(path: string): void {
    if (path === here()) get();
    else location.hash = path;
  }

  addEventListener('hashchange', get);
  document.addEventListener('click', (event) => {
    const path = (event.target as Element).closest('main a')?.getAttribute('href');
    if (!path?.startsWith('/')) return;
    event.preventDefault();
    go(path);
  });
  document.addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = [...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]);
    const action = new URL(form.getAttribute('action') ?? here(), location.origin);
    void visit(new Request(action, { method: 'POST', body: new URLSearchParams(fields) }));
  });
  tellCookies();
  get();
}

function keep(cookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  if (/; *max-age=0/i.test(cookie)) cookies.delete(name);
  else cookies.set(name, value);
  sessionStorage.setItem('cookies', JSON.stringify([...cookies]));
  tellCookies();
}

/** Returns the cookies as a browser sends them. */
function cookieHeader(): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Tells the devices which cookies there are. */
function tellCookies(): void {
  document.querySelector('demo-devices')?.setAttribute('cookies', cookieHeader());
}

function show(html: string): void {
  const page = new DOMParser().parseFromString(html, 'text/html');
  document.title = page.title;
  const main = page.querySelector('main');
  if (main) document.querySelector('main')?.replaceWith(main);
  document.querySelector<HTMLElement>('main [autofocus]')?.focus();
}
