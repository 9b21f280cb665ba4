/**
 * Returns the endpoint of a request: leaves out ids and, from the query, everything but the grant type, which
 * makes `/token` several endpoints.
 */
export function endpointOf({ method, path }: { method: string; path: string }): string {
  const [segments = '', query = ''] = path.split('?');
  const route = segments.replace(
    /(?<=\/(?:factors|users|passkeys|identities)\/)(?!authentication|registration|authorize)[^/]+/g,
    '{id}',
  );
  const grant = route === '/token' && /(?:^|&)grant_type=(?:password|pkce|refresh_token)(?=&|$)/.exec(query);
  return `${method} ${route}${grant ? `?${grant[0].replace('&', '')}` : ''}`;
}
