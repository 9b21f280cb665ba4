/** Calls for tests that have no endpoint in Supabase: `POST /demo-project/reset` and `POST /demo-project/advance?by=1h`. */

/** Runs the call on a project. Responds with 204, or with what's wrong with the call. */
export function control(project: { reset(): void; advance(duration: string): void }, url: string): Response {
  const { pathname, searchParams } = new URL(url);
  const headers = { 'access-control-allow-origin': '*' };
  try {
    if (pathname.endsWith('/reset')) project.reset();
    else project.advance(searchParams.get('by') ?? '');
    return new Response(null, { status: 204, headers });
  } catch (error) {
    return Response.json({ message: (error as Error).message }, { status: 400, headers });
  }
}
