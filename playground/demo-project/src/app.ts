/**
 * A Supabase Auth you can carry in your pocket: `createDemoProject().fetch(request)` answers as Supabase Auth does where an app can see it.
 * Web-standard code only: it runs in Node, in a page, in a worker. What it stands in for is real; its accounts, keys and mails are not.
 */
import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { AuthError, unexpected } from './auth/errors.ts';
import { writeLog } from './auth/log.ts';
import { type Call, newId, type Project } from './auth/project.ts';
import { redirectTarget } from './auth/redirects.ts';
import { apiKey } from './auth/tokens.ts';
import { type PartialConfig, withDefaults } from './config.ts';
import { showHealth, showSettings } from './routes/about.ts';
import { challengeFactor, enrolFactor, unenrolFactor, verifyFactor } from './routes/factors.ts';
import { listMails, searchMails, showMail } from './routes/inbox.ts';
import { signOut } from './routes/logout.ts';
import { recover } from './routes/recover.ts';
import { signUp } from './routes/signup.ts';
import { grantToken } from './routes/token.ts';
import { changeUser, reauthenticate, showUser } from './routes/user.ts';
import { verifyByGet, verifyByPost } from './routes/verify.ts';
import { plant, type Seed } from './seed.ts';
import { type Json, type Snapshot, Store } from './store.ts';

export interface DemoProjectOptions {
  /** The origin under which the project is reached: links in mails and the tokens' `iss` are made from it. */
  url?: string;
  /** Settings that differ from the defaults, named as in the Supabase CLI's config.toml. */
  config?: PartialConfig;
  /** Milliseconds since the epoch. */
  clock?: () => number;
  /** Accounts to start with. */
  seed?: Seed;
  /** What an earlier project left behind; then nothing is seeded. */
  snapshot?: Snapshot;
}

export interface DemoProject {
  /** Answers a request to `/auth/v1/*`, `/inbox/api/v1/*`, `/sms`, `/log` or `/keys`, one at a time: Auth locks the rows that it changes. */
  fetch(request: Request): Promise<Response>;
  /** Everything that is needed to go on later, as JSON. */
  snapshot(): Snapshot;
}

/** Starts a project; nothing runs until the first request. Throws an `Error` for a setting that cannot be read. */
export function createDemoProject(options: DemoProjectOptions = {}): DemoProject {
  const { url: origin = 'http://127.0.0.1:54321', clock = Date.now, snapshot, seed = [] } = options;
  const project: Project = { store: new Store(snapshot), config: withDefaults(options.config), now: clock };
  const app = routes(project, origin);
  let ready = snapshot ? Promise.resolve() : plant(project, seed);
  return {
    fetch(request) {
      const answer = ready.then(() => app.fetch(request));
      ready = answer.then(
        () => undefined,
        () => undefined,
      );
      return answer;
    },
    snapshot: () => project.store.snapshot(),
  };
}

type Handler = (call: Call, id: string) => unknown;

/** What is served, by path and method, in the words of Auth's own router. */
const endpoints: Record<string, Record<string, Handler>> = {
  '/health': { GET: showHealth },
  '/settings': { GET: showSettings },
  '/.well-known/jwks.json': {
    GET: (call) => {
      call.headers.set('cache-control', 'public, max-age=600');
      return { keys: [] };
    },
  },
  '/signup': { POST: signUp },
  '/token': { POST: grantToken },
  '/recover': { POST: recover },
  '/verify': { GET: verifyByGet, POST: verifyByPost },
  '/user': { GET: showUser, PUT: changeUser },
  '/logout': { POST: signOut },
  '/reauthenticate': { GET: reauthenticate },
  '/factors': { POST: enrolFactor },
  '/factors/:id': { DELETE: unenrolFactor },
  '/factors/:id/challenge': { POST: challengeFactor },
  '/factors/:id/verify': { POST: verifyFactor },
};

function routes(project: Project, origin: string): Hono {
  const app = new Hono({ strict: false });
  const json = (value: unknown) => Response.json(value, { headers: { 'access-control-allow-origin': '*' } });

  app.get('/keys', async () =>
    json({ anon: await apiKey(project, 'anon'), service: await apiKey(project, 'service_role') }),
  );
  app.get('/sms', () => json(project.store.sms));
  app.get('/log', () => json(project.store.log));
  app.get('/inbox/api/v1/messages', (context) => json(listMails(project, new URL(context.req.url).searchParams)));
  app.get('/inbox/api/v1/search', (context) => json(searchMails(project, new URL(context.req.url).searchParams)));
  app.get('/inbox/api/v1/message/:id', (context) => {
    const mail = showMail(project, context.req.param('id'));
    return mail ? json(mail) : context.text('404 page not found', 404);
  });

  const auth = app.basePath('/auth/v1');
  auth.use(async (context, next) => {
    if (isPreflight(context.req.raw)) return preflight(context.req.raw);
    await next();
    // Every answer of Auth has these.
    const { headers } = context.res;
    headers.append('vary', 'Origin');
    if (context.req.header('origin') !== undefined) {
      headers.set('access-control-allow-origin', '*');
      headers.set('access-control-allow-credentials', 'true');
      headers.set('access-control-expose-headers', 'X-Total-Count, Link, X-Supabase-Api-Version');
    }
    return undefined;
  });
  for (const [path, methods] of Object.entries(endpoints)) {
    const allow = Object.keys(methods).join(', ');
    auth.all(path, (context) => {
      // By the request's own method: Hono takes HEAD for GET, Auth's router does not.
      const handler = methods[context.req.raw.method];
      return handler
        ? answer(project, origin, context, handler)
        : new Response(null, { status: 405, headers: { allow } });
    });
  }
  app.notFound((context) => {
    const { method, raw } = context.req;
    writeLog(project, { level: 'info', msg: 'not served by the demo project', method, path: authPath(raw) });
    return context.body('404 page not found\n', 404, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });
  return app;
}

function authPath(request: Request): string {
  return new URL(request.url).pathname.replace(/^\/auth\/v1/, '');
}

/** The largest body that Auth reads. */
const maxBody = 1_048_576;

/** Runs a handler and turns what it gives or throws into Auth's answer, with its line in the log. */
async function answer(project: Project, origin: string, context: Context, handler: Handler): Promise<Response> {
  const started = performance.now();
  const { raw: request } = context.req;
  const text = await request.text();
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  const url = new URL(request.url);
  const id = context.req.param('id') ?? '';
  const call: Call = {
    project,
    request,
    url,
    origin,
    // Auth reads a form's body for its values, so that nothing is left to be read as JSON.
    body: isForm ? '' : text,
    ip: request.headers.get('x-forwarded-for')?.split(',')[0]?.trim() || '127.0.0.1',
    redirectTo: redirectTarget(project.config, [
      request.headers.get('redirect_to'),
      (isForm ? new URLSearchParams(text).get('redirect_to') : null) ?? url.searchParams.get('redirect_to'),
      request.headers.get('referer'),
    ]),
    requestId: newId(),
    headers: new Headers(),
    logged: id ? { factor_id: id } : {},
  };
  let response: Response;
  let refusal: AuthError | undefined;
  try {
    if (new TextEncoder().encode(text).length > maxBody) {
      throw new AuthError(413, 'request_entity_too_large', `Request body too large (max ${maxBody} bytes)`);
    }
    const result = await handler(call, id);
    response =
      result instanceof Response
        ? result
        : new Response(goJson(result), { headers: { 'content-type': 'application/json' } });
  } catch (error) {
    // An error that is none of Auth's is a fault of the demo project: it is told, and not hidden behind a polite answer.
    if (!(error instanceof AuthError)) console.error(error);
    refusal = error instanceof AuthError ? error : unexpected();
    response = errorResponse(refusal, request.headers.get('x-supabase-api-version'), call.requestId);
  }
  for (const [name, value] of call.headers) response.headers.set(name, value);
  if (authPath(request) !== '/health') logRequest(call, response.status, performance.now() - started, refusal);
  return response;
}

/** The two forms of an error: the newer for callers that name an API version from 2024-01-01 on. */
function errorResponse(error: AuthError, version: string | null, errorId: string): Response {
  const newer = version !== null && /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= '2024-01-01';
  const body = newer
    ? { code: error.code, message: error.message, ...error.details }
    : {
        code: error.status,
        error_code: error.code,
        msg: error.message,
        ...error.details,
        ...(error.status >= 500 && { error_id: errorId }),
      };
  return new Response(goJson(body), {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      ...(newer && { 'x-supabase-api-version': '2024-01-01' }),
      ...((!newer || error.code !== 'weak_password') && { 'x-sb-error-code': error.code }),
    },
  });
}

function logRequest(call: Call, status: number, duration: number, refusal: AuthError | undefined): void {
  const level = status >= 500 ? 'error' : status >= 400 ? 'warning' : 'info';
  const entry: { [key: string]: Json } = {
    component: 'api',
    duration: Math.round(duration * 1e6),
    level,
    method: call.request.method,
    msg: 'request completed',
    path: authPath(call.request),
    referer: call.redirectTo,
    remote_addr: call.ip,
    request_id: call.requestId,
    status,
    ...call.logged,
  };
  if (refusal) {
    delete entry['auth_event'];
    entry['error'] = refusal.code === 'weak_password' ? refusal.message : `${refusal.status}: ${refusal.message}`;
    entry['error_code'] = refusal.code;
  }
  writeLog(call.project, entry);
}

/** JSON as Go writes it: "<", ">" and "&" escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

const allowedHeaders = [
  'accept',
  'apikey',
  'authorization',
  'content-type',
  'x-client-info',
  'x-client-ip',
  'x-jwt-aud',
  'x-supabase-api-version',
  'x-use-cookie',
];

function isPreflight(request: Request): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.headers.has('origin') &&
    request.headers.has('access-control-request-method')
  );
}

/** 204, with the permission or without a word about it: github.com/rs/cors. */
function preflight(request: Request): Response {
  const headers = new Headers({ vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' });
  const method = request.headers.get('access-control-request-method') ?? '';
  const asked = request.headers.get('access-control-request-headers');
  const names = asked?.split(',') ?? [];
  const sorted = names.every(
    (name, index) => allowedHeaders.includes(name) && (index === 0 || name > (names[index - 1] ?? '')),
  );
  if (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method) && sorted) {
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-allow-credentials', 'true');
    headers.set('access-control-allow-methods', method);
    if (asked) headers.set('access-control-allow-headers', asked);
  }
  return new Response(null, { status: 204, headers });
}
