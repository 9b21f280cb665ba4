/**
 * What calls do to sessions and tokens. What happens to the session of the call itself is read from a recording; the rest is said here, each
 * with the recording that shows it.
 */
import { type Answer, accessTokensIn, sessionOf } from '../../playground/demo-project/contract/recording.ts';
import { endpointOf } from '../proof/endpoints.ts';
import { callsOf, errorOf, recordingOf } from '../proof/recordings.ts';

/** A sentence and the scenarios that prove it. */
type Claim = [sentence: string, scenario: string];

export interface Call {
  /** As it is written with supabase-js, or what a person does. */
  name: string;
  endpoint: string;
  /** A recording of it; the last successful call of the endpoint in it counts. */
  scenario: string;
  others?: Claim;
  /** What becomes of links, codes, challenges and the tokens from before. */
  spent?: Claim;
}

/** What "end" leaves alive. */
const ended = (sentence: string) => `${sentence} Outside Auth, their access tokens work until they expire.`;

export const calls: { [group: string]: Call[] } = {
  in: [
    {
      name: 'signInWithPassword()',
      endpoint: 'POST /token?grant_type=password',
      scenario: 'password-sign-in-with-a-verified-factor',
      others: [
        'Stay. Where the project allows one session per user, only the newest can be refreshed.',
        'single-session-per-user',
      ],
    },
    {
      name: 'resetPasswordForEmail()',
      endpoint: 'POST /recover',
      scenario: 'recovery-session-cannot-change-password',
      spent: [
        'Links of earlier recovery mails and magic links are dead.',
        'a-newer-mail-replaces-the-older-link a-magic-link-replaces-a-recovery-link',
      ],
    },
    {
      name: 'a recovery link, implicit flow',
      endpoint: 'GET /verify',
      scenario: 'recovery-session-cannot-change-password',
      others: ['Stay.', 'verify-leaves-other-sessions'],
      spent: [
        'The link is used up, and so are the links of an email change that is under way; a code of reauthenticate() is not.',
        'a-used-link-is-refused verify-spends-the-links-of-other-mails a-recovery-link-leaves-a-reauthentication-code',
      ],
    },
    {
      name: 'exchangeCodeForSession()',
      endpoint: 'POST /token?grant_type=pkce',
      scenario: 'pkce-exchange',
      spent: ['The auth code is used up. A wrong verifier does not use it up.', 'pkce-exchange pkce-wrong-verifier'],
    },
    {
      name: 'verifyOtp({ token_hash, type })',
      endpoint: 'POST /verify',
      scenario: 'recovery-by-token-hash-cannot-change-password',
      spent: ['The hash is used up, like the link that it is from.', 'a-used-link-is-refused'],
    },
    {
      name: 'verifyOtp({ email, token, type })',
      endpoint: 'POST /verify',
      scenario: 'verify-typed-code',
      spent: [
        'The code is used up. Wrong tries do not use it up.',
        'verify-typed-code verify-code-has-no-guess-counter',
      ],
    },
    { name: 'a magic link, implicit flow', endpoint: 'GET /verify', scenario: 'magic-link' },
    {
      name: 'signing in with a passkey',
      endpoint: 'POST /passkeys/authentication/verify',
      scenario: 'a-passkey-session-cannot-change-password',
    },
  ],
  up: [
    { name: 'mfa.enroll()', endpoint: 'POST /factors', scenario: 'enrol-totp' },
    { name: 'mfa.challenge()', endpoint: 'POST /factors/{id}/challenge', scenario: 'challenge-totp' },
    {
      name: 'mfa.verify()',
      endpoint: 'POST /factors/{id}/verify',
      scenario: 'step-up-in-the-recovery-session-lets-the-password-change',
      others: [ended('Those at aal1 end, those at aal2 stay.'), 'a-step-up-ends-every-aal1-session'],
      spent: [
        'The challenge is used up; a wrong code does not use it up. Of the tokens from before, the access token counts as aal2 for Auth, and the refresh token gives the new pair. With refresh tokens of version 2, it does so only within the reuse interval: after that it is refused, and the session ends.',
        'a-used-challenge-looks-like-another-ip verify-wrong-code the-old-access-token-of-a-lifted-session-passes refresh-token-from-before-the-step-up version-2-refresh-token-from-before-the-step-up',
      ],
    },
    {
      name: 'refreshSession()',
      endpoint: 'POST /token?grant_type=refresh_token',
      scenario: 'refresh-token-from-before-the-step-up',
      spent: [
        'The refresh token from before is used up, except for a repeat: as long as the new one is unused, or within the reuse interval, it is taken again. The interval is ten seconds in the Supabase CLI, and 0 in Auth itself.',
        'refresh-with-the-parent-of-the-active-token refresh-reuse-within-the-interval refresh-reuse-after-the-interval refresh-without-reuse-interval',
      ],
    },
    {
      name: 'mfa.unenroll()',
      endpoint: 'DELETE /factors/{id}',
      scenario: 'unenrol-lowers-the-sessions-that-the-factor-lifted',
      others: [
        'Stay. Those that this factor lifted fall to aal1, this one too: at once for the server, in the token at the next refresh. If the session also verified a factor of the other type, its token stays at aal2, refresh after refresh. Verify the remaining factor again, or sign in again.',
        'unenrol-lowers-the-sessions-that-the-factor-lifted one-of-two-factor-types-is-removed',
      ],
    },
  ],
  change: [
    {
      name: 'updateUser({ password })',
      endpoint: 'PUT /user',
      scenario: 'a-password-change-ends-all-other-sessions',
      others: [ended('End, those at aal2 too.'), 'a-password-change-ends-all-other-sessions'],
      spent: ['A recovery link that waits is dead.', 'a-password-change-kills-a-waiting-link'],
    },
    {
      name: 'updateUser({ email })',
      endpoint: 'PUT /user',
      scenario: 'change-email-confirmation-is-not-aal-gated',
      others: [
        'Stay. The link in the email begins a new one at aal1. Where both addresses must confirm, only the second link does.',
        'change-email-confirmation-is-not-aal-gated change-email-confirmed-twice-current-first',
      ],
    },
    {
      name: 'reauthenticate()',
      endpoint: 'GET /reauthenticate',
      scenario: 'reauthenticate',
      spent: [
        'Sends a nonce, which works once. It is spent even if the new password is then refused as the old one.',
        'a-nonce-is-spent-by-same-password',
      ],
    },
    {
      name: "signOut({ scope: 'local' })",
      endpoint: 'POST /logout',
      scenario: 'logout-scope-local',
      others: ['Stay.', 'logout-scope-local'],
    },
    {
      name: "signOut({ scope: 'others' })",
      endpoint: 'POST /logout',
      scenario: 'logout-scope-others',
      others: [ended('End.'), 'logout-scope-others'],
    },
    {
      name: 'signOut()',
      endpoint: 'POST /logout',
      scenario: 'logout-scope-global',
      others: [ended('End.'), 'logout-scope-global'],
    },
  ],
  admin: [
    {
      name: 'admin.updateUserById(id, { password })',
      endpoint: 'PUT /admin/users/{id}',
      scenario: 'admin-sets-a-password',
      others: [ended('End, all of them.'), 'admin-sets-a-password'],
    },
    {
      name: 'admin.mfa.deleteFactor()',
      endpoint: 'DELETE /admin/users/{id}/factors/{id}',
      scenario: 'admin-deletes-a-factor',
      others: [
        'Stay. Those that the factor lifted fall to aal1. If it was the last, a recovery session at aal1 may now set the password.',
        'admin-deletes-a-factor admin-deletes-one-of-two-factors',
      ],
    },
    {
      name: 'admin.deleteUser()',
      endpoint: 'DELETE /admin/users/{id}',
      scenario: 'admin-deletes-a-user',
      others: [ended('End, all of them.'), 'admin-deletes-a-user'],
    },
  ],
};

export interface Effect {
  /** What becomes of the session of the call; `none` if it is made without one. */
  session: 'begins' | 'goes on' | 'ends' | 'none';
  /** What the access token says that it gives, if it gives one. */
  level?: '1' | '2';
  amr?: string[];
}

/** What a call does to its own session, from its recording. Throws when the recording has no such call that succeeded. */
export function effectOf({ endpoint, scenario }: Call): Effect {
  const all = callsOf(recordingOf(scenario));
  const index = all.findLastIndex(
    ({ request, response }) => endpointOf(request) === endpoint && response.status < 400 && !errorOf(response),
  );
  const call = all[index];
  if (!call) throw new Error(`The recording of ${scenario} has no ${endpoint} that succeeded`);
  const own = sessionOf(call.request);
  const claims = claimsIn(call.response);
  if (claims) {
    const { aal, amr, session_id } = claims;
    const known = [own, ...all.slice(0, index).map(({ response }) => claimsIn(response)?.session_id)];
    return {
      session: known.includes(session_id) ? 'goes on' : 'begins',
      level: aal === 'aal2' ? '2' : '1',
      amr: amr.map(({ method }) => method),
    };
  }
  if (!own) return { session: 'none' };
  const later = all.slice(index).filter(({ request }) => sessionOf(request) === own);
  const ended = later.some(({ response }) => errorOf(response)?.code === 'session_not_found');
  return { session: ended ? 'ends' : 'goes on' };
}

/** The claims of the access token that an answer gives, in its body or in the address that it leads to. */
function claimsIn({
  headers,
  body,
}: Answer): { aal: string; amr: { method: string }[]; session_id: string } | undefined {
  const [token] = accessTokensIn([headers['location'] ?? null, body]);
  return token?.claims as ReturnType<typeof claimsIn>;
}
