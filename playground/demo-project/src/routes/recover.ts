import { AuthError } from '../auth/errors.ts';
import { checkChallenge, startFlow } from '../auth/flow-states.ts';
import { parseParams } from '../auth/json.ts';
import { audit } from '../auth/log.ts';
import { sendCode } from '../auth/mails.ts';
import type { Call } from '../auth/project.ts';
import { checkEmail } from '../auth/users.ts';

const params = {
  name: 'RecoverParams',
  fields: { email: 'string', code_challenge: 'string', code_challenge_method: 'string' },
} as const;

/** `POST /recover`: `{}` and a mail; `{}` and none for an address without an account. MFA plays no part here. */
export function recover(call: Call): unknown {
  const { project } = call;
  if (!project.config.auth.email.enable_signup)
    throw new AuthError(400, 'email_provider_disabled', 'Email logins are disabled');
  const { email, code_challenge: challenge, code_challenge_method: method } = parseParams(call.body, params);
  const address = checkEmail(email, 'Password recovery requires an email');
  checkChallenge(challenge, method);
  const user = project.store.users.where('email', address)[0];
  if (!user) return {};
  // Before the limit, as in Auth: a request that is refused for coming too soon leaves a newer challenge behind.
  if (challenge) startFlow(project, user, 'recovery', challenge, method);
  sendCode(call, user, 'recovery', { pkce: challenge !== '', sentAt: user.recoverySentAt });
  audit(call, user, 'user_recovery_requested');
  project.store.users.update(user, { recoverySentAt: project.now() });
  return {};
}
