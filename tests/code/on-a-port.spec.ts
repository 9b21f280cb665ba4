/** The demo project on a port in a reader's tests: runs what the page "The demo project" shows. */
import { expect, test } from '@playwright/test';
import { createClient } from '@supabase/supabase-js';
import { startServer } from '../../playground/demo-project/contract/start-server.ts';

test('a seeded user signs in on a port', async () => {
  const program = ['unofficial-supabase-auth-test-double', '--port', '0', '--seed', 'users.json', '--control'];
  const { url, stop } = await startServer('npx', program, { cwd: import.meta.dirname });
  try {
    // #region port
    const { anon } = await (await fetch(`${url}/keys`)).json();
    const supabase = createClient(url, anon);
    const { error } = await supabase.auth.signInWithPassword({
      email: 'ada@example.com',
      password: 'the old password',
    });
    // #endregion
    expect(error).toBeNull();

    // #region control
    await fetch(`${url}/demo-project/advance?by=2h`, { method: 'POST' });
    const { error: expired } = await supabase.auth.getUser();
    await fetch(`${url}/demo-project/reset`, { method: 'POST' });
    // #endregion
    expect(expired?.code).toBe('bad_jwt');
    expect(await (await fetch(`${url}/log`)).json()).toEqual([]);
  } finally {
    await stop();
  }
});

test('nobody can reset a project or move its clock over HTTP unless it was started for that', async () => {
  const { url, stop } = await startServer('npx', ['unofficial-supabase-auth-test-double', '--port', '0']);
  try {
    for (const path of ['reset', 'advance?by=2h']) {
      const { status } = await fetch(`${url}/demo-project/${path}`, { method: 'POST' });
      expect(status, path).toBe(403);
    }
  } finally {
    await stop();
  }
});
