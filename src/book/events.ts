/**
 * The events of `onAuthStateChange`: in the page where something happens, and in another open page of the app in the
 * same browser. tests/code/events.spec.ts does all of it and compares the tables with the events that fire.
 */

export interface Action {
  /** Backticks mark code. */
  does: string;
  here: string[];
  elsewhere: string[];
}

/** The ways to start the session of a reset, each in a new browser in which the app is open. */
export const waysIn: Action[] = [
  {
    does: 'Open an implicit link',
    here: ['INITIAL_SESSION', 'PASSWORD_RECOVERY'],
    elsewhere: ['PASSWORD_RECOVERY'],
  },
  {
    does: 'Open a PKCE link',
    here: ['PASSWORD_RECOVERY', 'INITIAL_SESSION', 'PASSWORD_RECOVERY'],
    elsewhere: ['PASSWORD_RECOVERY', 'PASSWORD_RECOVERY'],
  },
  {
    does: "`verifyOtp({ type: 'recovery', … })`",
    here: ['PASSWORD_RECOVERY'],
    elsewhere: ['PASSWORD_RECOVERY'],
  },
  { does: "`verifyOtp({ type: 'email', … })`", here: ['SIGNED_IN'], elsewhere: ['SIGNED_IN'] },
  { does: '`setSession()` with the tokens of a link', here: ['SIGNED_IN'], elsewhere: ['SIGNED_IN'] },
  { does: 'Open a used link', here: ['INITIAL_SESSION'], elsewhere: [] },
];

/** What happens next, in order. */
export const fromThenOn: Action[] = [
  { does: 'Reload the page', here: ['SIGNED_IN', 'INITIAL_SESSION'], elsewhere: ['SIGNED_IN'] },
  { does: 'Come back to the tab', here: ['SIGNED_IN'], elsewhere: ['SIGNED_IN'] },
  { does: '`updateUser({ password })`, refused', here: [], elsewhere: [] },
  { does: '`mfa.challenge()`', here: [], elsewhere: [] },
  { does: '`mfa.verify()`', here: ['MFA_CHALLENGE_VERIFIED'], elsewhere: ['MFA_CHALLENGE_VERIFIED'] },
  { does: '`updateUser({ password })`', here: ['USER_UPDATED'], elsewhere: ['USER_UPDATED'] },
  { does: '`refreshSession()`', here: ['TOKEN_REFRESHED'], elsewhere: ['TOKEN_REFRESHED'] },
  { does: 'Add a listener', here: ['INITIAL_SESSION'], elsewhere: [] },
  {
    does: '`getUser()`, after the session was ended on another device',
    here: ['SIGNED_OUT'],
    elsewhere: ['SIGNED_OUT'],
  },
];
