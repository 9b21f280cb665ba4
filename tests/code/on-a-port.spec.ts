/** `npm run demo-project` in a reader's tests: what the page "The demo project" shows is run here. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import { freePort, startServer } from '../../playground/demo-project/contract/start-server.ts';

test('an account of the demo project signs in on a port', async () => {
  const port = await freePort();
  const { url, stop } = await startServer('npm', ['run', 'demo-project'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, PORT: String(port) },
  });
  try {
    // #region port
    const { anon } = await (await fetch(`${url}/keys`)).json();
    const supabase = createClient(url, anon);
    const { error } = await supabase.auth.signInWithPassword({
      email: 'ada@example.com',
      password: 'old-password-ada',
    });
    // #endregion
    expect(error).toBeNull();
  } finally {
    await stop();
  }
});
