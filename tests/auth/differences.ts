/**
 * Scenarios that the demo project does not answer as recorded yet, with what it lacks. Each runs all the same and has to differ: one that
 * has become equal fails until its line is gone.
 */
export const differences: Record<string, string> = {
  'verify: verify-link-bad-input': 'a token with a NUL is a database error to Auth, and unknown here',
  'admin: admin-lists-factors': 'Auth lists factors in no fixed order; the scenario takes one',
  'inbox: mailbox': "Mailpit's CORS headers are not repeated",
};
