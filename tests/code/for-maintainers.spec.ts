/** What the page "For maintainers" says about supabase-js, checked in a browser. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { linkIn, newestMail } from './mail.ts';
import { test } from './project.ts';
import { dataOf, userWithMfa } from './user-with-mfa.ts';

const supabaseJs = readFileSync(
  createRequire(import.meta.url).resolve('@supabase/supabase-js/dist/umd/supabase.js'),
  'utf8',
);

test('Back shows the tokens that supabase-js took out of the address bar', async ({ project, newClient, page }) => {
  const html = `<!doctype html>
    <script>${supabaseJs}</script>
    <script>supabase.createClient('${project.url}', '${project.key}')</script>`;
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(html));
  await once(server.listen(0, 'localhost'), 'listening');
  const app = `http://localhost:${(server.address() as AddressInfo).port}/`;

  const client = newClient();
  const { email } = await userWithMfa(client);
  dataOf(await client.auth.resetPasswordForEmail(email, { redirectTo: app }));
  await page.goto(linkIn(await newestMail(project.inbox, email)));
  await expect(page).toHaveURL(`${app}#`);
  await page.goBack();
  await expect(page).toHaveURL(/#access_token=.+&refresh_token=.+/);
  server.close();
});
