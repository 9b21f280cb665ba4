import { audit } from '../auth/audit.ts';
import { invalid } from '../auth/errors.ts';
import type { Call } from '../auth/project.ts';
import { authenticate, endSessions } from '../auth/sessions.ts';
import { quote } from '../go/quote.ts';

/**
 * `POST /logout?scope=…`: ends all of the user's sessions (`global`), this session (`local`), or all other sessions
 * (`others`).
 */
export async function postLogout(call: Call): Promise<Response> {
  const { user, session } = await authenticate(call);
  const scope = new URL(call.request.url).searchParams.get('scope') || 'global';
  if (!['global', 'local', 'others'].includes(scope)) throw invalid(`Unsupported logout scope ${quote(scope)}`);
  audit(call, user, 'logout');
  const isGlobal = scope === 'global' || !session;
  endSessions(call.project, user, (other) => isGlobal || (other === session) === (scope === 'local'));
  return new Response(null, { status: 204 });
}
