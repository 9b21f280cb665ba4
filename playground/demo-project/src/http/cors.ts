/** Cross-origin requests, as github.com/rs/cors answers them. */

export const corsMethods = /^(GET|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** The headers of an answer to a request that says which origin it comes from. */
export function allowOrigin(request: Request, headers: Headers): void {
  headers.append('vary', 'Origin');
  if (!request.headers.has('origin') || !corsMethods.test(request.method)) return;
  headers.set('access-control-allow-origin', '*');
  headers.set('access-control-allow-credentials', 'true');
  headers.set('access-control-expose-headers', 'X-Total-Count, Link, X-Supabase-Api-Version');
}
