/** The endpoint that a request goes to: ids left out, and of the query only the grant type, which makes `/token` several endpoints. */
export function endpointOf({ method, path }: { method: string; path: string }): string {
  const [segments = '', query = ''] = path.split('?');
  const route = segments.replace(
    /(?<=\/(?:factors|users|passkeys|identities)\/)(?!authentication|registration|authorize)[^/]+/g,
    '{id}',
  );
  const grant = route === '/token' && /(?:^|&)grant_type=(?:password|pkce|refresh_token)(?=&|$)/.exec(query);
  return `${method} ${route}${grant ? `?${grant[0].replace('&', '')}` : ''}`;
}
