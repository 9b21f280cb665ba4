/** Routes requests: to Auth under `/auth/v1`, and to the project's other endpoints. */
import { AuthError, Panic } from '../auth/errors.ts';
import { apiKeys } from '../auth/keys.ts';
import { logLeftOut, requestFields, writeLog } from '../auth/log.ts';
import { type Call, newId, type Project } from '../auth/project.ts';
import { guards, type Handler, handlers, mounts, parts } from '../routes.ts';
import { jsonResponse } from './answers.ts';
import { isForm } from './body.ts';
import { forwardedFor } from './client-address.ts';
import { allowOrigin } from './cors.ts';

/** The path of Auth. */
const base = '/auth/v1';

/** Responds to a request whose body has been read. */
export async function answer(project: Project, request: Request, bytes?: Uint8Array): Promise<Response> {
  const { pathname } = new URL(request.url);
  const isAuth = pathname === base || pathname.startsWith(`${base}/`);
  const response = await (isAuth ? answerAsAuth(project, request, bytes) : answerBesideAuth(project, request, bytes));
  return request.method === 'HEAD' ? new Response(null, response) : response;
}

/** Responds with API keys, text messages, the Auth log, or emails. */
async function answerBesideAuth(project: Project, request: Request, bytes?: Uint8Array): Promise<Response> {
  const { pathname } = new URL(request.url);
  const json = (value: unknown, status = 200) =>
    Response.json(value, { status, headers: { 'access-control-allow-origin': '*' } });
  if (pathname.startsWith('/inbox/api/v1/')) return (await parts.inbox()).answerAsMailpit(project, request, bytes);
  if (/^(GET|HEAD)$/.test(request.method)) {
    if (pathname === '/keys') return json(apiKeys(project.config));
    if (pathname === '/sms') return json(project.store.texts);
    if (pathname === '/log') return json(project.store.log);
  }
  const answered = '/auth/v1, /inbox/api/v1, /sms, /log, and /keys';
  return json({ message: `The demo project answers ${answered}. It has no ${request.method} ${pathname}.` }, 404);
}

async function answerAsAuth(project: Project, request: Request, bytes?: Uint8Array): Promise<Response> {
  if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method'))
    return (await parts.preflight()).preflight(request);
  const started = performance.now();
  const call = await prepare(project, request, bytes);
  let response: Response;
  let failure: unknown;
  try {
    response = await route(call);
  } catch (error) {
    failure = error;
    project.store.rollback();
    response = (await parts.errors()).errorResponse(call, error as Error);
  }
  finish(call, response, failure, performance.now() - started);
  return response;
}

/** Runs the checks for the path, then the endpoint's handler. @throws whatever they throw */
async function route(call: Call): Promise<Response> {
  for (const [path, check] of guards) if (takePath(call, path, true)) await check(call);
  const [path = '', methods] = [...byPath].find(([path]) => takePath(call, path)) ?? [];
  const handler = methods?.get(call.request.method);
  if (!handler && (await isLeftOut(call))) return notFound();
  if (!methods || (call.path.endsWith('/') && !mounts.has(path))) return notFound();
  if (!handler) return new Response(null, { status: 405, headers: { allow: [...methods.keys()].join(', ') } });
  const result = await handler(call);
  return result instanceof Response ? result : jsonResponse(200, result);
}

/**
 * Returns whether the demo project leaves out this endpoint of Auth, and logs it if so.
 * @throws AuthError 404, as Auth does, for features that are turned off
 */
async function isLeftOut(call: Call): Promise<boolean> {
  const method = call.request.method === 'HEAD' ? 'GET' : call.request.method;
  const isAsked = (endpoint: string) => {
    const [asked, path = ''] = endpoint.split(' ');
    return asked === method && takePath(call, path);
  };
  const { leftOut } = await parts.leftOut();
  const found = leftOut.find(({ endpoints, off }) => (off ? takePath(call, off.path, true) : endpoints.some(isAsked)));
  if (!found) return false;
  logLeftOut(call, found.reason);
  if (found.off) throw new AuthError(404, found.off.code, found.off.message);
  return true;
}

const byPath = new Map<string, Map<string, Handler>>();
for (const [endpoint, handler] of Object.entries(handlers)) {
  const [method = '', path = ''] = endpoint.split(' ');
  byPath.set(path, (byPath.get(path) ?? new Map<string, Handler>()).set(method, handler));
}

/**
 * Returns whether the call's path matches a pattern such as `/factors/:factor_id`. With `below`, longer paths match
 * too. On a match, sets the call's `params`, decoded. The rest of the path isn't decoded, and may end with a slash.
 */
function takePath({ path, params }: Call, pattern: string, below = false): boolean {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (parts.at(-1) === '') parts.pop();
  if (below ? parts.length < names.length : parts.length !== names.length) return false;
  const matches = names.every((name, at) => (name.startsWith(':') ? parts[at] !== '' : parts[at] === name));
  if (matches)
    for (const [at, name] of names.entries())
      if (name.startsWith(':')) params[name.slice(1)] = decoded(parts[at] ?? '');
  return matches;
}

/** Decodes a path segment, or returns it unchanged if an escape is invalid. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function notFound(): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return new Response('404 page not found\n', { status: 404, headers });
}

/** Creates the call that the rules work with. */
async function prepare(project: Project, request: Request, bytes?: Uint8Array): Promise<Call> {
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
    // `/health` isn't logged, and doesn't redirect.
    redirectTo: path === '/health' ? '' : (await parts.redirects()).redirectTarget(project.config, request, form),
    requestId: newId(),
    headers: new Headers(),
    logged: path === '/token' ? { grant_type: form.get('grant_type') ?? '' } : {},
  };
}

/** Adds the headers that all of Auth's responses have, and writes the log line. */
function finish(call: Call, response: Response, error: unknown, duration: number): void {
  const { headers, status } = response;
  call.project.store.commit();
  for (const [name, value] of call.headers) headers.set(name, value);
  allowOrigin(call.request, headers);
  if (call.path === '/health') return;
  const code = headers.get('x-sb-error-code');
  const hasPanicked = error instanceof Panic;
  writeLog(call.project, {
    ...requestFields(call),
    duration: Math.round(duration * 1e6),
    ...(code !== null && { error_code: code }),
    level: hasPanicked || status < 400 ? 'info' : status < 500 ? 'warning' : 'error',
    msg: 'request completed',
    // Auth writes this line before it recovers from the panic.
    status: hasPanicked ? 0 : status,
  });
  if (error instanceof Panic) {
    const { message, stack = '' } = error;
    writeLog(call.project, { level: 'error', msg: 'request panicked', panic: message, stack });
  }
}
