/**
 * What calls do to sessions and tokens. What happens to the call's own session comes from a recording. The rest is
 * written here, with the recordings that show it.
 */
import { type Answer, accessTokensIn, sessionOf } from '../../playground/demo-project/contract/recording.ts';
import { endpointOf } from '../proof/endpoints.ts';
import { callsOf, errorOf, recordingOf } from '../proof/recordings.ts';
import { calls, type MethodName } from './calls.ts';

/** A sentence, and the scenarios that prove it. */
type Claim = [sentence: string, scenario: string];

export interface SessionCall {
  /** The call as written with supabase-js, or what a person does. */
  name: string;
  /** Its name in the table of calls. */
  call: MethodName;
  /** A scenario whose recording has it. The last successful call to its endpoint counts. */
  scenario: string;
  others?: Claim;
  /** What happens to links, codes, challenges, and earlier tokens. */
  spent?: Claim;
}

/** A claim about sessions that end, followed by what of them still works. */
const ended = (sentence: string, scenario: string): Claim => [
  `${sentence} Outside of Auth, their access tokens work until they expire.`,
  `${scenario} the-access-token-of-an-ended-session-passes-outside-auth`,
];

export const sessionCalls: { [group: string]: SessionCall[] } = {
  in: [
    {
      name: 'signInWithPassword()',
      call: 'signInWithPassword()',
      scenario: 'password-sign-in-with-a-verified-factor',
      others: [
        'Stay signed in. If your project allows one session for each user, only the newest one can be refreshed.',
        'single-session-per-user',
      ],
    },
    {
      name: 'resetPasswordForEmail()',
      call: 'resetPasswordForEmail()',
      scenario: 'recovery-session-cannot-change-password',
      spent: [
        'Earlier reset links and magic links stop working.',
        'a-newer-mail-replaces-the-older-link a-magic-link-replaces-a-recovery-link',
      ],
    },
    {
      name: 'a reset link, implicit flow',
      call: 'the link in an email',
      scenario: 'recovery-session-cannot-change-password',
      others: ['Stay signed in.', 'verify-leaves-other-sessions'],
      spent: [
        'The link is used up, and so are the links of an unfinished email change. A code from reauthenticate() still works.',
        'a-used-link-is-refused verify-spends-the-links-of-other-mails a-recovery-link-leaves-a-reauthentication-code',
      ],
    },
    {
      name: 'exchangeCodeForSession()',
      call: 'exchangeCodeForSession()',
      scenario: 'pkce-exchange',
      spent: ['The auth code is used up. A wrong verifier doesn’t use it up.', 'pkce-exchange pkce-wrong-verifier'],
    },
    {
      name: 'verifyOtp({ token_hash, type })',
      call: 'verifyOtp()',
      scenario: 'recovery-by-token-hash-cannot-change-password',
      spent: ['The hash is used up, and so is the link it came from.', 'a-used-link-is-refused'],
    },
    {
      name: 'verifyOtp({ email, token, type })',
      call: 'verifyOtp()',
      scenario: 'verify-typed-code',
      spent: [
        'The code is used up. Wrong tries don’t use it up.',
        'verify-typed-code verify-code-has-no-guess-counter',
      ],
    },
    { name: 'a magic link, implicit flow', call: 'the link in an email', scenario: 'magic-link' },
    {
      name: 'signing in with a passkey',
      call: 'signing in with a passkey',
      scenario: 'a-passkey-session-cannot-change-password',
    },
  ],
  up: [
    { name: 'mfa.enroll()', call: 'mfa.enroll()', scenario: 'enrol-totp' },
    { name: 'mfa.challenge()', call: 'mfa.challenge()', scenario: 'challenge-totp' },
    {
      name: 'mfa.verify()',
      call: 'mfa.verify()',
      scenario: 'step-up-in-the-recovery-session-lets-the-password-change',
      others: ended('Sessions at aal1 end. Sessions at aal2 stay signed in.', 'a-step-up-ends-every-aal1-session'),
      spent: [
        'The challenge is used up, but a wrong code doesn’t use it up. Auth treats the old access token as aal2, and the old refresh token gives the new pair. With version 2 refresh tokens, that works only within the reuse interval. After that Auth refuses it and ends the session.',
        'a-used-challenge-looks-like-another-ip verify-wrong-code the-old-access-token-of-a-lifted-session-passes refresh-token-from-before-the-step-up version-2-refresh-token-from-before-the-step-up',
      ],
    },
    {
      name: 'refreshSession()',
      call: 'refreshSession()',
      scenario: 'refresh-token-from-before-the-step-up',
      spent: [
        'The old refresh token is used up. It works again while the new token is unused, or within the reuse interval: ten seconds in the Supabase CLI, 0 in Auth itself.',
        'refresh-with-the-parent-of-the-active-token refresh-reuse-within-the-interval refresh-reuse-after-the-interval refresh-without-reuse-interval',
      ],
    },
    {
      name: 'mfa.unenroll()',
      call: 'mfa.unenroll()',
      scenario: 'unenrol-lowers-the-sessions-that-the-factor-lifted',
      others: [
        'Stay signed in. Sessions that this factor raised fall to aal1, this one too: right away on the server, in the token at the next refresh. If the session also verified a factor of another type, its token stays at aal2 after each refresh. Verify the remaining factor again, or sign in again.',
        'unenrol-lowers-the-sessions-that-the-factor-lifted one-of-two-factor-types-is-removed',
      ],
    },
  ],
  change: [
    {
      name: 'updateUser({ password })',
      call: 'updateUser()',
      scenario: 'a-password-change-ends-all-other-sessions',
      others: ended('End, even at aal2.', 'a-password-change-ends-all-other-sessions'),
      spent: ['An unused reset link stops working.', 'a-password-change-kills-a-waiting-link'],
    },
    {
      name: 'updateUser({ email })',
      call: 'updateUser()',
      scenario: 'change-email-confirmation-is-not-aal-gated',
      others: [
        'Stay signed in. The link in the email starts a new session at aal1. If both addresses must confirm, only the second link does.',
        'change-email-confirmation-is-not-aal-gated change-email-confirmed-twice-current-first',
      ],
    },
    {
      name: 'reauthenticate()',
      call: 'reauthenticate()',
      scenario: 'reauthenticate',
      spent: [
        'Sends a nonce that works once. It’s used up even if Auth then refuses the new password because it’s the old password.',
        'a-nonce-is-spent-by-same-password',
      ],
    },
    {
      name: "signOut({ scope: 'local' })",
      call: 'signOut()',
      scenario: 'logout-scope-local',
      others: ['Stay signed in.', 'logout-scope-local'],
    },
    {
      name: "signOut({ scope: 'others' })",
      call: 'signOut()',
      scenario: 'logout-scope-others',
      others: ended('End.', 'logout-scope-others'),
    },
    {
      name: 'signOut()',
      call: 'signOut()',
      scenario: 'logout-scope-global',
      others: ended('End.', 'logout-scope-global'),
    },
  ],
  admin: [
    {
      name: 'admin.updateUserById(id, { password })',
      call: 'admin.updateUserById()',
      scenario: 'admin-sets-a-password',
      others: ended('All of them end.', 'admin-sets-a-password'),
    },
    {
      name: 'admin.mfa.deleteFactor()',
      call: 'admin.mfa.deleteFactor()',
      scenario: 'admin-deletes-a-factor',
      others: [
        'Stay signed in. Sessions that the factor raised fall to aal1. If it was the last factor, a recovery session at aal1 can now set the password.',
        'admin-deletes-a-factor admin-deletes-one-of-two-factors',
      ],
    },
    {
      name: 'admin.deleteUser()',
      call: 'admin.deleteUser()',
      scenario: 'admin-deletes-a-user',
      others: ended('All of them end.', 'admin-deletes-a-user'),
    },
  ],
};

export interface Effect {
  /** What happens to the call's session. `none`: the call needs no session. */
  session: 'starts' | 'continues' | 'ends' | 'none';
  /** The level in the access token that the call returns, if any. */
  level?: '1' | '2';
  amr?: string[];
}

/** Returns what a call does to its own session, from its recording. Throws if the recording has no such successful call. */
export function effectOf({ call, scenario }: Pick<SessionCall, 'call' | 'scenario'>): Effect {
  const endpoint = calls[call];
  const all = callsOf(recordingOf(scenario));
  const index = all.findLastIndex(
    ({ request, response }) => endpointOf(request) === endpoint && response.status < 400 && !errorOf(response),
  );
  const found = all[index];
  if (!found) throw new Error(`The recording of ${scenario} has no ${endpoint} that succeeded`);
  const own = sessionOf(found.request);
  const claims = claimsIn(found.response);
  if (claims) {
    const { aal, amr, session_id } = claims;
    const known = [own, ...all.slice(0, index).map(({ response }) => claimsIn(response)?.session_id)];
    return {
      session: known.includes(session_id) ? 'continues' : 'starts',
      level: aal === 'aal2' ? '2' : '1',
      amr: amr.map(({ method }) => method),
    };
  }
  if (!own) return { session: 'none' };
  const later = all.slice(index).filter(({ request }) => sessionOf(request) === own);
  const ended = later.some(({ response }) => errorOf(response)?.code === 'session_not_found');
  return { session: ended ? 'ends' : 'continues' };
}

/** Returns the claims of the access token in an answer's body, or in the address that it redirects to. */
function claimsIn({
  headers,
  body,
}: Answer): { aal: string; amr: { method: string }[]; session_id: string } | undefined {
  const [token] = accessTokensIn([headers['location'] ?? null, body]);
  return token?.claims as ReturnType<typeof claimsIn>;
}
