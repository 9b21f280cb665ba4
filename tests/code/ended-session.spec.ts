/** What the page "Keep a recovery session away from data" says about checking a session on your own server. */
import { expect, test } from '@playwright/test';
import { ES256 } from '../../playground/demo-project/contract/signing-keys.ts';
import { startDemoProject } from './demo-project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

test('getUser() refuses the token of an ended session; getClaims() still accepts it when the project signs with a key pair', async () => {
  await using project = await startDemoProject({ auth: { signing_keys: [ES256] } });
  const [here, elsewhere, server] = [project.client(), project.client(), project.client()];
  const user = await userWithMfa(here);
  dataOf(await elsewhere.auth.signInWithPassword(user));
  dataOf(await elsewhere.auth.mfa.challengeAndVerify({ factorId: user.factorId, code: user.code() }));
  const token = dataOf(await elsewhere.auth.getSession()).session?.access_token ?? '';
  expect(dataOf(await server.auth.getUser(token)).user.email).toBe(user.email);

  dataOf(await here.auth.updateUser({ password: 'the new password' }));
  expect((await server.auth.getUser(token)).error?.name).toBe('AuthSessionMissingError');
  expect(dataOf(await server.auth.getClaims(token))?.claims.aal).toBe('aal2');
});
