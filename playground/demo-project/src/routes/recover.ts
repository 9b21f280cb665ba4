import { normalizeEmail } from '../auth/addresses.ts';
import { audit } from '../auth/audit.ts';
import { mapDatabaseErrors } from '../auth/database-errors.ts';
import { AuthError, invalid } from '../auth/errors.ts';
import { findByEmail } from '../auth/find-user.ts';
import { checkChallenge, startFlow } from '../auth/flow-states.ts';
import { sendRecovery } from '../auth/mails.ts';
import type { Call } from '../auth/project.ts';
import { readBody } from '../http/json-body.ts';

const struct = {
  name: 'RecoverParams',
  fields: { email: 'string', code_challenge: 'string', code_challenge_method: 'string' },
} as const;

/**
 * `POST /recover`: responds with `{}`, and sends an email only if the address has an account. MFA makes no difference
 * here.
 */
export function postRecover(call: Call): unknown {
  const { project } = call;
  if (!project.config.auth.email.enable_signup)
    throw new AuthError(400, 'email_provider_disabled', 'Email logins are disabled');
  const { email, code_challenge: challenge, code_challenge_method: method } = readBody(call, struct);
  if (email === '') throw invalid('Password recovery requires an email');
  const address = normalizeEmail(email);
  checkChallenge(challenge, method);
  const user = mapDatabaseErrors('Unable to process request', () => findByEmail(call, address));
  if (!user) return {};
  if (challenge !== '') startFlow(project, user, 'recovery', challenge, method);
  // The new PKCE challenge is kept even if the rate limit rejects this request.
  project.store.commit();
  audit(call, user, 'user_recovery_requested');
  sendRecovery(call, user, 'recovery', challenge !== '');
  return {};
}
