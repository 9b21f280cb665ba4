/** The demo project on the origin of a Vite dev server: an app and its Supabase project in one process, without a second port. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Plugin } from 'vite';
import { createDemoProject, type DemoProjectOptions } from '../src/index.ts';
import { mailboxPage } from './mailbox.ts';

type Options = Pick<DemoProjectOptions, 'config' | 'seed'>;

/**
 * Answers for Supabase Auth on the dev server's own origin (`vite` and `vite preview`), which is the URL to give to `createClient`.
 * `POST /demo-project/reset` starts over. `/inbox` is a page with all emails.
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
 * One demo project for everybody who calls the server. It starts with the first call. It takes the origin of that call as its own, because that origin stands in
 * emails and tokens. A call to another origin moves it there.
 */
function middleware({ config = {}, seed = [] }: Options) {
  const { handles } = createDemoProject({ config, seed }); // throws for wrong settings while the server starts
  let running: ReturnType<typeof start> | undefined;
  const start = (url: string) => {
    const snapshot = running?.project.snapshot();
    const ofOrigin = { auth: { site_url: url, ...config.auth } };
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

/** The origin in the caller's address bar, also behind a proxy that says what it was asked for. */
function originOf({ headers }: IncomingMessage): string {
  const told = (name: string) => String(headers[name] ?? '').split(',')[0];
  return `${told('x-forwarded-proto') || 'http'}://${told('x-forwarded-host') || headers.host}`;
}
