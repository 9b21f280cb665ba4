/**
 * `/coding-agent.md`: the problem, the rules, and tested code, for a coding agent. "Copy
 * for your coding agent" copies it.
 */
import type { APIRoute } from 'astro';
import { underBase } from '../base.ts';
import { sourceFile } from '../sandbox/files.ts';

const code = (region: string) => sourceFile('tests/code/reset-password-with-mfa.ts', region);

export const GET: APIRoute = ({ site }) => {
  const url = (path: string) => new URL(underBase(path), site).href;
  return new Response(`# Task: let users with MFA reset their password in Supabase Auth

## The problem

\`supabase.auth.updateUser({ password })\` answers \`401 insufficient_aal\`: "AAL2 session is required to update email or password when MFA is enabled."
A reset link gives a session at \`aal1\`, because it proves only that the user can read the mailbox. If the user has a verified MFA factor, Supabase Auth changes the password only
in a session at \`aal2\`. This is intended. No setting turns it off.

## The flow to build

1. Send the reset email with \`resetPasswordForEmail(email, { redirectTo })\`. Show the same message whether or not the account exists.
2. On the page the link opens, wait for \`await supabase.auth.initialize()\`. If the URL has \`#error_code=otp_expired\`, or there's no session, offer a new link.
3. Ask for a code before you ask for the new password, unless the user has no verified factor or the session is at \`aal2\` already.
4. Verify the code in the session that the link gave. That raises the same session to \`aal2\`.
5. Call \`updateUser({ password })\` in that session.

## Tested code

Which factors the user can choose from. There are none when no code is needed:

\`\`\`ts
${code('factors')}
\`\`\`

The user chooses a factor. For a phone factor, this sends the code:

\`\`\`ts
${code('challenge')}
\`\`\`

The user enters the code. This raises the session to \`aal2\`:

\`\`\`ts
${code('verify')}
\`\`\`

## Rules

- Count only verified factors. \`user.factors\` also lists factors that were never verified, and it may be out of date. \`listFactors()\` asks the server.
- Go by \`error.code\`, never by the status or the message.
- Make a new challenge after each code that was accepted or expired. Create and verify a challenge from the same IP address.
- Remove spaces from codes. Disable the button while a request is running.
- When the session is gone (\`AuthSessionMissingError\`, \`session_not_found\`, \`bad_jwt\`), tell the user and offer a new link.
- Take the tokens out of the address without leaving a history entry.
- After the new password is saved, tell the user that other devices are signed out, and offer to sign out here as well.

## Never do this

- Never reset a password with \`auth.admin.updateUserById()\` or another call with a secret key. It asks for no factor, so the mailbox alone is enough.
- Never remove or unenroll the factor so that the reset can go through.
- Never call \`setSession()\` or \`refreshSession()\` to get to \`aal2\`. They don't raise the level.
- Never treat \`aal1\` as enough for data that a factor protects. Check \`aal\` in policies.

## More

- The flow in full, with every trap: ${url('reset-a-password-with-mfa.md')}
- The user lost the factor: ${url('lost-factor.md')}
- On a server (cookies, PKCE, SSR): ${url('server-side.md')}
- Every error of the flow: ${url('errors.md')}
- How to test it: ${url('test-your-flow.md')}
`);
};
