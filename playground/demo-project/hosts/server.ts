/**
 * `npm run demo-project`: the demo project alone, on http://127.0.0.1:54321 (another port: PORT). It lives in memory and
 * ends with this process. Says where it is, its keys and its accounts; ends with an error where the port is not to be had.
 */
import { serve } from '@hono/node-server';
import { createDemoProject } from '../src/app.ts';
import { demoAccounts } from '../src/demo-accounts.ts';

const port = Number(process.env['PORT'] ?? 54321);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  throw new Error(`PORT has to be a number from 1 to 65535, not "${process.env['PORT']}".`);
}
const url = `http://127.0.0.1:${port}`;
const project = createDemoProject({ url, seed: demoAccounts });
const keys = await (await project.fetch(new Request(`${url}/keys`))).json();

const server = serve({ fetch: project.fetch, port, hostname: '127.0.0.1', overrideGlobalObjects: false }, () => {
  console.log(`A Supabase Auth for demonstrations and tests, in memory: ${url}`);
  console.log(`Mail: ${url}/inbox/api/v1/messages  Auth log: ${url}/log  Text messages: ${url}/sms`);
  console.log('Demo keys and accounts, the same for everybody and worth nothing elsewhere:');
  console.log(`  anon ${keys.anon}\n  service ${keys.service}`);
  for (const { email, password } of demoAccounts) console.log(`  ${email} ${password}`);
});

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(
    `Port ${port} is taken, perhaps by the Supabase CLI. Set another one: PORT=${port + 10} npm run demo-project`,
  );
  process.exit(1);
});
