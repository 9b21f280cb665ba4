/** The Vite plugin of the page "The demo project", in a dev server that a reader starts. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import { freePort, startServer } from '../../playground/demo-project/contract/start-server.ts';

test('a dev server with the plugin answers for Supabase Auth on its own origin, and starts over', async () => {
  const port = await freePort();
  const vite = ['vite', 'tests/code/vite', '--port', String(port), '--strictPort'];
  const { url, stop } = await startServer('npx', vite, { cwd: join(import.meta.dirname, '../..') });
  try {
    const { auth } = createClient(new URL(url).origin, 'any key', { auth: { autoRefreshToken: false } });
    const ada = { email: 'ada@example.com', password: 'the password' };
    const { error } = await auth.signInWithPassword(ada);
    expect(error).toBeNull();
    await auth.resetPasswordForEmail(ada.email);
    const mailbox = await (await fetch(new URL('/inbox', url))).text();
    expect(mailbox).toContain('<h2>Reset your password</h2>\n      <p>to ada@example.com</p>');
    const { data } = await auth.getClaims();
    expect(data?.claims.iss).toBe(`http://localhost:${port}/auth/v1`);
    await auth.updateUser({ password: 'another password' });
    expect((await auth.signInWithPassword(ada)).error?.code).toBe('invalid_credentials');
    await fetch(new URL('/demo-project/reset', url), { method: 'POST' });
    expect((await auth.signInWithPassword(ada)).error).toBeNull();
  } finally {
    await stop();
  }
});
