/** What a link or a code from a mailbox does, once it is found to be right. */
import type { User } from '../store.ts';
import { audit } from './log.ts';
import { dropTokens } from './one-time-tokens.ts';
import type { Call } from './project.ts';
import { confirmEmail, isConfirmed } from './users.ts';

/** Uses up a recovery or magic link: every one-time token of the user is gone, and the address counts as confirmed. No password changes. */
export function useRecovery(call: Call, user: User): void {
  dropTokens(call.project, user);
  if (isConfirmed(user)) return audit(call, user, 'login');
  audit(call, user, 'user_signedup', { provider: 'email' });
  confirmEmail(call.project, user);
}
