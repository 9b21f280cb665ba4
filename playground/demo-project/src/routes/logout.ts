import { invalid } from '../auth/errors.ts';
import { audit } from '../auth/log.ts';
import type { Call } from '../auth/project.ts';
import { authenticate, endSessions } from '../auth/sessions.ts';

/** `POST /logout?scope=…`: ends all sessions of the user (`global`), this one (`local`) or all but this one (`others`). */
export async function signOut(call: Call): Promise<Response> {
  const scope = call.url.searchParams.get('scope') ?? 'global';
  if (!['global', 'local', 'others'].includes(scope))
    throw invalid(`Unsupported logout scope ${JSON.stringify(scope)}`);
  const { user, session } = await authenticate(call);
  audit(call, user, 'logout');
  endSessions(
    call.project,
    user.id,
    (other) => scope === 'global' || !session || (other === session) === (scope === 'local'),
  );
  return new Response(null, { status: 204 });
}
