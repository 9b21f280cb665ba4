/**
 * Calls for tests that have no endpoint in Supabase: `POST /demo-project/reset`, `/demo-project/advance?by=1h`, and `/demo-project/settings` with
 * settings as in `config`, as JSON.
 */
import type { PartialConfig } from './config.ts';

interface Controlled {
  reset(): void;
  advance(duration: string): void;
  configure(config: PartialConfig): void;
}

/** Runs the call on a project. Responds with 204, or with what's wrong with the call. */
export async function control(project: Controlled, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const headers = { 'access-control-allow-origin': '*' };
  try {
    if (pathname.endsWith('/reset')) project.reset();
    else if (pathname.endsWith('/advance')) project.advance(searchParams.get('by') ?? '');
    else project.configure(await request.json());
    return new Response(null, { status: 204, headers });
  } catch (error) {
    return Response.json({ message: (error as Error).message }, { status: 400, headers });
  }
}
