/** Which handler answers which request, what is checked before it, and the forms that answers have. */
import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { requireAdmin, userInPath } from './auth/admin.ts';
import { AuthError, ConstraintError, Panic, UnhandledError } from './auth/errors.ts';
import { factorOf } from './auth/factors.ts';
import { goJson, maxBody } from './auth/json.ts';
import { requestFields, writeLog } from './auth/log.ts';
import { type Call, newId, type Project } from './auth/project.ts';
import { forwardedFor, redirectTarget } from './auth/redirects.ts';
import { authenticate, authenticateNamed } from './auth/sessions.ts';
import { apiKeys } from './auth/tokens.ts';
import { type Endpoint, leftOut } from './endpoints.ts';
import { showHealth } from './routes/health.ts';
import { listMails, searchMails, showMail } from './routes/inbox.ts';
import { postRecover } from './routes/recover.ts';
import { showSettings } from './routes/settings.ts';
import { showKeys, showOAuthServer } from './routes/well-known.ts';

type Handler = (call: Call) => unknown;

const loaders = new Set<() => Promise<unknown>>();

/** A handler that is loaded when it is first called: a page should not wait for what it may never need. */
function later<Name extends string>(load: () => Promise<Record<Name, Handler>>, name: Name): Handler {
  loaders.add(load);
  return async (call) => (await load())[name](call);
}

/** Loads all that is loaded when first called otherwise, so that a page goes on without a connection. Rejects if a part cannot be loaded. */
export async function preload(): Promise<void> {
  await Promise.all([...loaders].map((load) => load()));
}

const admin = () => import('./routes/admin.ts');
const factors = () => import('./routes/factors.ts');
const passkeys = () => import('./routes/passkeys.ts');
const user = () => import('./routes/user.ts');

const handlers: Record<Endpoint, Handler> = {
  'GET /health': showHealth,
  'GET /settings': showSettings,
  'GET /.well-known/jwks.json': showKeys,
  'GET /.well-known/oauth-authorization-server': showOAuthServer,
  'POST /signup': later(() => import('./routes/signup.ts'), 'postSignup'),
  'POST /token': later(() => import('./routes/token.ts'), 'postToken'),
  'POST /recover': postRecover,
  'POST /otp': later(() => import('./routes/otp.ts'), 'postOtp'),
  'POST /magiclink': later(() => import('./routes/otp.ts'), 'postMagicLink'),
  'POST /resend': later(() => import('./routes/resend.ts'), 'postResend'),
  'GET /verify': later(() => import('./routes/verify.ts'), 'verifyByGet'),
  'POST /verify': later(() => import('./routes/verify.ts'), 'verifyByPost'),
  'GET /user': later(user, 'showUser'),
  'PUT /user': later(user, 'changeUser'),
  'GET /reauthenticate': later(() => import('./routes/reauthenticate.ts'), 'reauthenticate'),
  'POST /logout': later(() => import('./routes/logout.ts'), 'postLogout'),
  'POST /factors': later(factors, 'enrolFactor'),
  'DELETE /factors/:factor_id': later(factors, 'unenrolFactor'),
  'POST /factors/:factor_id/challenge': later(factors, 'challengeFactor'),
  'POST /factors/:factor_id/verify': later(factors, 'verifyFactor'),
  'POST /passkeys/registration/options': later(passkeys, 'registrationOptions'),
  'POST /passkeys/registration/verify': later(passkeys, 'verifyRegistration'),
  'POST /passkeys/authentication/options': later(passkeys, 'authenticationOptions'),
  'POST /passkeys/authentication/verify': later(passkeys, 'verifyAuthentication'),
  'GET /passkeys': later(passkeys, 'showPasskeys'),
  'PATCH /passkeys/:passkey_id': later(passkeys, 'updatePasskey'),
  'DELETE /passkeys/:passkey_id': later(passkeys, 'removePasskey'),
  'POST /invite': later(() => import('./routes/invite.ts'), 'postInvite'),
  'POST /admin/generate_link': later(() => import('./routes/generate-link.ts'), 'generateLink'),
  'GET /admin/users': later(admin, 'listUsers'),
  'POST /admin/users': later(admin, 'addUser'),
  'GET /admin/users/:user_id': later(admin, 'showAnyUser'),
  'PUT /admin/users/:user_id': later(admin, 'changeAnyUser'),
  'DELETE /admin/users/:user_id': later(admin, 'deleteUser'),
  'GET /admin/users/:user_id/factors': later(admin, 'listFactors'),
  'PUT /admin/users/:user_id/factors/:factor_id': later(admin, 'changeFactor'),
  'DELETE /admin/users/:user_id/factors/:factor_id': later(admin, 'deleteAnyFactor'),
  'GET /admin/users/:user_id/passkeys': later(admin, 'listAnyPasskeys'),
  'DELETE /admin/users/:user_id/passkeys/:passkey_id': later(admin, 'deleteAnyPasskey'),
  'GET /admin/custom-providers': later(admin, 'listCustomProviders'),
};

/** What Auth checks for everything below a path, also where there is no such route or method. */
const guards: [path: string, check: Handler][] = [
  ['/user', authenticate],
  ['/reauthenticate', authenticate],
  ['/factors', authenticateNamed],
  ['/factors/:factor_id', async (call) => factorOf(call, (await authenticateNamed(call)).user)],
  ['/passkeys', requirePasskeys],
  ['/passkeys/registration', authenticateNamed],
  // Who signs in is nobody yet.
  ['/passkeys/:passkey_id', (call) => call.params['passkey_id'] === 'authentication' || authenticate(call)],
  ['/admin', requireAdmin],
  ['/admin/users/:user_id', userInPath],
  ['/admin/users/:user_id/factors/:factor_id', (call) => factorOf(call, userInPath(call))],
  ...leftOut.flatMap(({ off, reason }): [string, Handler][] => {
    if (!off) return [];
    const refuse = (call: Call) => {
      tellLeftOut(call, reason);
      throw new AuthError(404, off.code, off.message);
    };
    return [[off.path, refuse]];
  }),
];

function requirePasskeys({ project: { config } }: Call): void {
  if (!config.auth.passkey.enabled) throw new AuthError(404, 'passkey_disabled', 'Passkeys are disabled');
}

/** Paths that Auth takes with a slash at the end as well. */
const mounts = new Set([
  '/signup',
  '/verify',
  '/admin/users',
  ...guards.map(([path]) => path),
  '/admin/users/:user_id/factors',
  '/admin/users/:user_id/passkeys',
  '/admin/users/:user_id/passkeys/:passkey_id',
  '/admin/custom-providers',
]);

function tellLeftOut(call: Call, reason: string): void {
  writeLog(call.project, { ...requestFields(call), level: 'info', msg: `left out of the demo project: ${reason}` });
}

/** Where Auth is. */
const base = '/auth/v1';

type Env = { Variables: { call?: Call }; Bindings: { bytes?: Uint8Array } };

/** Answers requests by a project's rules. */
export function router(project: Project): Hono<Env> {
  // A path is taken as it is written, without decoding it.
  const app = new Hono<Env>({ getPath: ({ url }) => new URL(url).pathname });
  const json = (value: unknown, status = 200) =>
    Response.json(value, { status, headers: { 'access-control-allow-origin': '*' } });
  app.get('/keys', () => json(apiKeys(project.config)));
  app.get('/sms', () => json(project.store.texts));
  app.get('/log', () => json(project.store.log));

  const inbox = app.basePath('/inbox/api/v1');
  const text = (value: string, status: number) =>
    new Response(value, { status, headers: { 'content-type': 'text/plain' } });
  inbox.use(async (context, next) => {
    await next();
    // Mailpit writes them whoever asks.
    const { headers } = context.res;
    headers.set('access-control-allow-origin', context.req.header('origin') ?? '');
    headers.set('access-control-allow-methods', 'GET, POST, DELETE, PUT, OPTIONS');
    headers.set('access-control-allow-headers', '*');
  });
  inbox.get('/messages', ({ req }) => json(listMails(project, new URL(req.url).searchParams)));
  inbox.get('/search', ({ req }) => {
    const found = searchMails(project, new URL(req.url).searchParams);
    return found ? json(found) : text('Error: no search query', 400);
  });
  inbox.get('/message/:id', ({ req }) => {
    const mail = showMail(project, req.param('id'));
    return mail ? json(mail) : text('404 page not found', 404);
  });

  const auth = app.basePath(base);
  auth.use(async (context, next) => {
    const { raw } = context.req;
    if (raw.method === 'OPTIONS' && raw.headers.has('access-control-request-method')) return preflight(raw);
    const started = performance.now();
    const call = prepare(project, raw, context.env.bytes);
    context.set('call', call);
    await next();
    finish(call, context, performance.now() - started);
    return undefined;
  });
  for (const [path, check] of guards) {
    auth.use(`${path}/*`, async (context, next) => {
      await check(inPath(context));
      await next();
    });
  }
  for (const { endpoints, reason, off } of leftOut) {
    if (off) continue;
    for (const endpoint of endpoints) {
      const [method = '', path = ''] = endpoint.split(' ');
      auth.on(method, path, (context) => {
        tellLeftOut(inPath(context), reason);
        return context.notFound();
      });
    }
  }
  for (const [path, methods] of byPath()) {
    const handle = async (context: Context<Env>) => {
      if (context.req.path.endsWith('/') && !mounts.has(path)) return context.notFound();
      // By the request's own method: Hono takes HEAD for GET, Auth's router does not.
      const handler = methods.get(context.req.raw.method);
      if (!handler) return new Response(null, { status: 405, headers: { allow: [...methods.keys()].join(', ') } });
      const result = await handler(inPath(context));
      return result instanceof Response ? result : jsonResponse(200, result);
    };
    auth.all(path, handle);
  }
  app.notFound(({ var: { call }, req: { path } }) => {
    if (!call) {
      const answered = '/auth/v1, /inbox/api/v1, /sms, /log, and /keys';
      return json({ message: `The demo project answers ${answered}. It has no ${path}.` }, 404);
    }
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
    return new Response('404 page not found\n', { status: 404, headers });
  });
  app.onError((error, { var: { call } }) => {
    if (!call) throw error;
    project.store.rollback();
    return errorResponse(call, error);
  });
  return app;
}

function byPath(): Map<string, Map<string, Handler>> {
  const paths = new Map<string, Map<string, Handler>>();
  for (const [endpoint, handler] of Object.entries(handlers)) {
    const [method = '', path = ''] = endpoint.split(' ');
    paths.set(path, (paths.get(path) ?? new Map()).set(method, handler));
  }
  return paths;
}

/** The call, with the values that this route finds in the path. */
function inPath(context: Context<Env>): Call {
  const { call } = context.var;
  if (!call) throw new Error('this route is none of Auth');
  Object.assign(call.params, context.req.param());
  return call;
}

function isForm({ headers, method }: Request): boolean {
  const [type] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  return type?.trim() === 'application/x-www-form-urlencoded' && /^(POST|PUT|PATCH)$/.test(method);
}

/** The body, but no more of one that is too long than shows it: Go takes 10 MiB of a form. */
export async function readBytes(request: Request): Promise<Uint8Array> {
  // Firefox doesn't show the stream.
  if (!request.body) return new Uint8Array(await request.arrayBuffer());
  const limit = isForm(request) ? 10 * maxBody : maxBody;
  const chunks: Uint8Array[] = [];
  const reader = request.body.getReader();
  for (let read = 0; read <= limit; ) {
    const { value } = await reader.read();
    if (!value) break;
    chunks.push(value);
    read += value.length;
    if (read > limit) void reader.cancel().catch(() => undefined);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** The request as the rules see it. */
function prepare(project: Project, request: Request, bytes?: Uint8Array): Call {
  const url = new URL(request.url);
  const path = url.pathname.slice(base.length);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const asForm = isForm(request);
  const form = new URLSearchParams([...(asForm ? new URLSearchParams(text) : []), ...url.searchParams]);
  return {
    project,
    request,
    path,
    params: {},
    form,
    body: asForm ? '' : text,
    ip: forwardedFor(request.headers) ?? '127.0.0.1',
    redirectTo: redirectTarget(project.config, request, form),
    requestId: newId(),
    headers: new Headers(),
    logged: path === '/token' ? { grant_type: form.get('grant_type') ?? '' } : {},
  };
}

/** The headers that answers of Auth have, and the line in its log. */
function finish(call: Call, context: Context<Env>, duration: number): void {
  const { headers, status } = context.res;
  call.project.store.commit();
  for (const [name, value] of call.headers) headers.set(name, value);
  headers.append('vary', 'Origin');
  if (call.request.headers.has('origin') && corsMethods.test(call.request.method)) {
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-allow-credentials', 'true');
    headers.set('access-control-expose-headers', 'X-Total-Count, Link, X-Supabase-Api-Version');
  }
  if (call.path === '/health') return;
  const code = headers.get('x-sb-error-code');
  const hasPanicked = context.error instanceof Panic;
  writeLog(call.project, {
    ...requestFields(call),
    duration: Math.round(duration * 1e6),
    ...(code !== null && { error_code: code }),
    level: hasPanicked || status < 400 ? 'info' : status < 500 ? 'warning' : 'error',
    msg: 'request completed',
    // Auth's log is written before it picks itself up.
    status: hasPanicked ? 0 : status,
  });
  if (hasPanicked) {
    const { message, stack = '' } = context.error as Panic;
    writeLog(call.project, { level: 'error', msg: 'request panicked', panic: message, stack });
  }
}

function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(goJson(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** The two forms of an error: the newer for callers that name an API version from 2024-01-01 on. */
function errorResponse(call: Call, error: Error): Response {
  const isNewer = asksForNewerForm(call);
  const headers: Record<string, string> = isNewer ? { 'x-supabase-api-version': '2024-01-01' } : {};
  if (!(error instanceof AuthError)) return unforeseen(call, error, isNewer, headers);
  const { status, code, message, body, constraint } = error;
  call.logged['error'] = error.cause;
  if (!isNewer || code !== 'weak_password') headers['x-sb-error-code'] = code;
  if (isNewer) return jsonResponse(status, { code, message, ...body }, headers);
  if (constraint)
    return jsonResponse(
      500,
      { code: constraint.code, message: constraint.message, detail: constraint.detail },
      headers,
    );
  const errorId = status >= 500 ? call.requestId : undefined;
  return jsonResponse(status, { code: status, error_code: code, msg: message, ...body, error_id: errorId }, headers);
}

/** An error that Auth gives no name. One that is none of Auth's is a fault of the demo project: it is told, and not hidden behind a polite answer. */
function unforeseen(call: Call, error: Error, isNewer: boolean, headers: Record<string, string>): Response {
  const hasPanicked = error instanceof Panic;
  if (!hasPanicked) call.logged['error'] = `Unhandled server error: ${error.message}`;
  if (!hasPanicked && !(error instanceof UnhandledError || error instanceof ConstraintError)) console.error(error);
  const message = hasPanicked
    ? 'Internal Server Error'
    : 'Unexpected failure, please check server logs for more information';
  const code = 'unexpected_failure';
  if (isNewer) return jsonResponse(500, { code, message }, headers);
  return jsonResponse(500, { code: 500, error_code: code, msg: message }, headers);
}

function asksForNewerForm(call: Call): boolean {
  const version = call.request.headers.get('x-supabase-api-version') ?? '';
  if (version === '') return false;
  const problem = problemWithDate(version);
  if (problem === undefined) return version >= '2024-01-01';
  writeLog(call.project, {
    ...requestFields(call),
    error: `parsing time ${JSON.stringify(version)}${problem}`,
    level: 'warning',
    msg: 'Invalid version passed to X-Supabase-Api-Version header, defaulting to initial version',
  });
  return false;
}

/** What Go says about a date that is none. */
function problemWithDate(text: string): string | undefined {
  let rest = text;
  for (const [part, form] of [
    ['2006', /^\d{4}/],
    ['-', /^-/],
    ['01', /^\d\d/],
    ['-', /^-/],
    ['02', /^\d\d/],
  ] as const) {
    const [found] = form.exec(rest) ?? [];
    if (found === undefined) return ` as "2006-01-02": cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`;
    if (part === '01' && (Number(found) < 1 || Number(found) > 12)) return ': month out of range';
    rest = rest.slice(found.length);
  }
  if (rest !== '') return `: extra text: ${JSON.stringify(rest)}`;
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day < 1 || day > days ? ': day out of range' : undefined;
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

const corsMethods = /^(GET|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** 204, with the permission or without a word about it: github.com/rs/cors. */
function preflight({ headers: asked }: Request): Response {
  const headers = new Headers({ vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' });
  const method = asked.get('access-control-request-method') ?? '';
  const list = asked.get('access-control-request-headers');
  const names = list ? list.split(',') : [];
  const isAllowed = names.every(
    (name, at) => allowedHeaders.includes(name) && (at === 0 || name > (names[at - 1] ?? '')),
  );
  if (asked.has('origin') && isAllowed && corsMethods.test(method)) {
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-allow-credentials', 'true');
    headers.set('access-control-allow-methods', method);
    if (list) headers.set('access-control-allow-headers', list);
  }
  return new Response(null, { status: 204, headers });
}
