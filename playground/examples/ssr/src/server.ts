import { codePage, forgotPasswordPage, passwordChangedPage, passwordPage, resetPage, signedOutPage } from './pages';
import { askForLink, clientFor, enterCode, findStep, savePassword, sendText, signOut, startReset } from './reset';

type Html = ReturnType<typeof codePage>;
type Handler = (request: Request) => Response | Promise<Response>;

// #region routes
const get: Record<string, Handler> = {
  '/': () => redirect('/forgot-password'),
  '/forgot-password': ({ url }) => show(forgotPasswordPage(new URL(url).searchParams)),
  '/reset-password': ({ url }) => show(resetPage(new URL(url).searchParams.get('token_hash') ?? '')),
  '/enter-code': (request) => showStep(request, codePage),
  '/new-password': (request) => showStep(request, passwordPage),
  '/password-changed': () => show(passwordChangedPage()),
  '/signed-out': () => show(signedOutPage()),
};

const post: Record<string, Handler> = {
  '/forgot-password': askForLink,
  '/reset-password': startReset,
  '/enter-code/text': sendText,
  '/enter-code': enterCode,
  '/new-password': savePassword,
  '/sign-out': signOut,
};
// #endregion

/** The server: a `fetch` handler for Cloudflare Workers, Deno, Bun, and for Node with `serve()` of `@hono/node-server`. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const handle = (request.method === 'POST' ? post : get)[pathname];
    return handle ? handle(request) : new Response('There is no such page.', { status: 404 });
  },
};

/**
 * Responds with a page. `same-origin` keeps the token in its address from other sites, and lets
 * browsers send the origin of its forms.
 */
async function show(page: Html, headers = new Headers()): Promise<Response> {
  headers.set('content-type', 'text/html; charset=utf-8');
  headers.set('referrer-policy', 'same-origin');
  return new Response(String(await page), { headers });
}

function redirect(location: string, headers = new Headers()): Response {
  headers.set('location', location);
  return new Response(null, { status: 303, headers });
}

// #region show-step
/** Shows a step of the reset if this session needs it now. Otherwise redirects to the step that it needs. */
async function showStep(request: Request, page: typeof codePage): Promise<Response> {
  const headers = new Headers({ 'cache-control': 'no-store' });
  const { pathname, searchParams } = new URL(request.url);
  const { step, email, factors } = await findStep(clientFor(request, headers)); // may refresh the session's cookies
  return step === pathname ? show(page(searchParams, email, factors), headers) : redirect(step, headers);
}
// #endregion
