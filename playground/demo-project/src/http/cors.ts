/** Cross-origin requests (CORS), as github.com/rs/cors handles them. */

export const corsMethods = /^(GET|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Adds the CORS headers to the response if the request has an `Origin`. */
export function allowOrigin(request: Request, headers: Headers): void {
  headers.append('vary', 'Origin');
  if (!request.headers.has('origin') || !corsMethods.test(request.method)) return;
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-allow-credentials', 'true');
  headers.set('access-control-expose-headers', 'X-Total-Count, Link, X-Supabase-Api-Version');
}
