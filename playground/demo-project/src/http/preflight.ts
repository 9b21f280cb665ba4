import { corsMethods } from './cors.ts';

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

/** Responds with 204. Like github.com/rs/cors, it just omits the headers if the request isn't allowed. */
export function preflight({ headers: asked }: Request): Response {
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
