/**
 * `npm run demo-project [-- --config FILE]`: the demo project alone, on http://127.0.0.1:54321 (another port: PORT, with 0 for any that is free). It lives in memory and
 * ends with this process. FILE is a `config.toml` of the Supabase CLI, see config-file.ts; without one the defaults hold.
 * Says where it is, its keys, its accounts and which settings it does not serve. What keeps it from starting is said in one sentence, exit code 1.
 */
import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { demoAccounts } from '../../runtime/cast.ts';
import { createDemoProject } from '../src/index.ts';
import { ConfigFileError, readConfigFile } from './config-file.ts';

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

function configFile() {
  try {
    const { config } = parseArgs({ options: { config: { type: 'string' } } }).values;
    return config === undefined ? undefined : readConfigFile(config);
  } catch (error) {
    if (error instanceof ConfigFileError) stop(error.message);
    if (error instanceof TypeError && 'code' in error)
      stop(`${error.message} (usage: npm run demo-project -- --config FILE)`);
    throw error;
  }
}

const { config = {}, notServed = [], notes = [] } = configFile() ?? {};
const port = Number(process.env['PORT'] ?? 54321);
if (!Number.isInteger(port) || port < 0 || port > 65535)
  stop(`PORT has to be a number from 0 to 65535, not "${process.env['PORT']}".`);

/** Set before the first request can come: its address is known once the server listens. */
let project: ReturnType<typeof createDemoProject>;

const options = {
  fetch: (request: Request) => project.fetch(request),
  port,
  hostname: '127.0.0.1',
  overrideGlobalObjects: false,
  // A body that doesn't arrive is given up.
  serverOptions: { requestTimeout: 30_000, connectionsCheckingInterval: 5000 },
};
const server = serve(options, (address) => {
  const url = `http://127.0.0.1:${address.port}`;
  project = createDemoProject({ url, config, seed: demoAccounts });
  const { keys } = project;
  for (const note of notes) console.log(note);
  if (notServed.length > 0) console.log(`Switched on in the file, but not served: ${notServed.join(', ')}`);
  console.log(`A Supabase Auth for demonstrations and tests, in memory: ${url}`);
  console.log(`Mail: ${url}/inbox/api/v1/messages  Auth log: ${url}/log  Text messages: ${url}/sms`);
  console.log('Demo keys and accounts, the same for everybody and worth nothing elsewhere:');
  console.log(`  anon ${keys.anon}\n  service ${keys.service}`);
  for (const { email, password } of demoAccounts) console.log(`  ${email} ${password}`);
});

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  stop(`Port ${port} is taken, perhaps by the Supabase CLI. Set another one: PORT=${port + 10} npm run demo-project`);
});
