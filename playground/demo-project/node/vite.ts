/**
 * The demo project on the origin of a Vite dev server: your app and its Supabase project in one process and on one
 * port.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Plugin } from 'vite';
import { createDemoProject, type DemoProjectOptions } from '../src/index.ts';
import { mailboxPage } from './mailbox.ts';

type Options = Pick<DemoProjectOptions, 'config' | 'seed'>;

/**
 * Serves Supabase Auth on the dev server's own origin (`vite` and `vite preview`). Pass that origin to `createClient`.
 * `POST /demo-project/reset` starts over. `/inbox` shows all emails.
 */
export function demoProject(options: Options = {}): Plugin {
  const answer = middleware(options);
  return {
    name: 'unofficial-supabase-auth-test-double',
    configureServer({ middlewares }) {
      middlewares.use(answer);
    },
    configurePreviewServer({ middlewares }) {
      middlewares.use(answer);
    },
  };
}

/**
 * All callers share one demo project, which starts with the first call. It uses the origin of that call, because emails
 * and tokens contain the origin, and security keys answer to it. A call to another origin moves it there.
 */
function middleware({ config = {}, seed = [] }: Options) {
  const { handles } = createDemoProject({ config, seed }); // throws at startup if a setting is invalid
  let running: ReturnType<typeof start> | undefined;
  const start = (url: string) => {
    const snapshot = running?.project.snapshot();
    const webauthn = { rp_id: new URL(url).hostname, rp_display_name: 'Vite', rp_origins: [url] };
    const ofOrigin = { auth: { site_url: url, webauthn, ...config.auth } };
    const project = createDemoProject({ url, config: ofOrigin, seed, snapshot });
    const answer = (call: Request) => (isMailbox(call.url) ? mailboxPage(project) : project.fetch(call));
    return { project, answer: getRequestListener(answer, { overrideGlobalObjects: false }) };
  };
  return (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const asked = request.url ?? '/';
    if (!handles(asked) && !isMailbox(asked)) return next();
    const url = originOf(request);
    if (running?.project.url !== url) running = start(url);
    void running.answer(request, response);
  };
}

function isMailbox(url: string): boolean {
  return new URL(url, 'http://localhost').pathname === '/inbox';
}

/** Returns the origin in the caller's address bar. Works behind a proxy that forwards the original protocol and host. */
function originOf({ headers }: IncomingMessage): string {
  const forwarded = (name: string) => String(headers[name] ?? '').split(',')[0];
  return `${forwarded('x-forwarded-proto') || 'http'}://${forwarded('x-forwarded-host') || headers.host}`;
}
