/** The state of the removal of a lost factor, and the steps of that flow. */

/** The state of the newest request. Each fact stays true until the next request. */
export interface Lost {
  isAsked: boolean;
  /** What has stopped it. */
  stoppedBy: 'objection' | 'use' | undefined;
  isChecked: boolean;
  /** Whether the user's identity was checked, and the time to object has passed. */
  mayLock: boolean;
  isLocked: boolean;
  /** Whether every access token from before the lock has expired. */
  mayRemove: boolean;
  isRemoved: boolean;
  isNotified: boolean;
}

/** The user asks, then the administrator does the rest. */
export const procedure: { name: string; text: string; shows: keyof Lost }[] = [
  {
    name: 'Ask support',
    text: 'Your app asks for a code. Click “I can’t use my authenticator”, then press “Contact support”.',
    shows: 'isAsked',
  },
  {
    name: 'Check who asks',
    text: "Now you're the administrator, at the console. Press “I've seen their ID in a video call”.",
    shows: 'isChecked',
  },
  {
    name: 'Wait three days',
    text: 'The user has an email, and may object. Press “Let three days pass”.',
    shows: 'mayLock',
  },
  { name: 'Lock the account', text: 'Nobody objected. Press “Lock the account”.', shows: 'isLocked' },
  {
    name: 'Wait an hour',
    text: 'An access token from before the lock still works. Press “Let an hour pass”.',
    shows: 'mayRemove',
  },
  { name: 'Remove every factor', text: 'Press “Remove every factor”.', shows: 'isRemoved' },
  { name: 'Notify the user', text: 'Press “Notify the user again”.', shows: 'isNotified' },
];

/** The steps of the user after the factor was removed. */
export const afterwards = {
  ask: 'You’re the user again. Click “Start again” in your app, then press “Send reset link”.',
  link: 'Open “Mailbox”, then “Reset your password”, and click “Reset password”.',
};

/** What the flow has shown at its end, by what stopped the removal. */
export const lostEnds = {
  objection:
    'One objection stopped it: the factor and the password stay as they are. A thief who reads the inbox can ask, but the owner has three days to say no.',
  use: "The factor was used after the request, so it isn't lost, or somebody tried it in vain. The procedure stops until support knows who it was.",
  none: 'The factor is gone, and the password is changed. Nobody got around the code: the lock ended every session, and the removal waited for their access tokens. The account has no second factor now, so the user sets up a new one in the same sitting. Until then, the inbox alone is enough to set a password.',
};
