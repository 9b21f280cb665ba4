/** The texts of the steps in the flow with a security key. */
export const keySteps = {
  touch: 'Your app asks for the security key. Press “Use security key”, then press “Touch the key” on the key.',
  signIn:
    'Is a passkey on the same key enough? Press “Sign in with the new password”, then press “Sign in with a passkey”. Then press “Touch the key”.',
  fail: 'The passkey session is at aal1. Type a password of your choice into “New password”, then press “Save new password”.',
  again: 'Auth refused the new password. Press “Use security key”, then press “Touch the key” once more.',
  end: 'One key, two uses. As a passkey it signed in, and that session was at aal1: Auth refused a new password with 401 insufficient_aal. As a second factor it raised the same session to aal2.',
};
