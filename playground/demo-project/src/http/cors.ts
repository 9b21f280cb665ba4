/** Cross-origin requests, as github.com/rs/cors answers them. */

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

/** The headers of an answer to a request that says which origin it comes from. */
export function allowOrigin(request: Request, headers: Headers): void {
  headers.append('vary', 'Origin');
  if (!request.headers.has('origin') || !corsMethods.test(request.method)) return;
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-allow-credentials', 'true');
  headers.set('access-control-expose-headers', 'X-Total-Count, Link, X-Supabase-Api-Version');
}
