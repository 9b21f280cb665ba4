/** What the page "For maintainers" says of supabase-js, seen in a browser. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';
import { linkIn, newestMail } from './mail.ts';
import { test } from './project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const supabaseJs = readFileSync(
  createRequire(import.meta.url).resolve('@supabase/supabase-js/dist/umd/supabase.js'),
  'utf8',
);

test('Back shows the tokens of a recovery link that supabase-js took out of the address', async ({
  project,
  newClient,
  page,
}) => {
  const app = 'http://localhost:3000/';
  const html = `<!doctype html>
    <script>${supabaseJs}</script>
    <script>window.client = supabase.createClient('${project.url}', '${project.key}')</script>`;
  await page.route(`${app}**`, (route) => route.fulfill({ contentType: 'text/html', body: html }));

  const client = newClient();
  const { email } = await userWithMfa(client);
  dataOf(await client.auth.resetPasswordForEmail(email, { redirectTo: app }));
  // The mail's link leads to Auth, which sends the browser back to the app.
  await page.goto(linkIn(await newestMail(project.inbox, email)));
  await expect(page).toHaveURL(`${app}#`);
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(/#access_token=.+&refresh_token=.+/);
});
