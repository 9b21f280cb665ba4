/**
 * `npm run local-stack` adds what the demo project's origin has and a local Supabase stack
 * doesn't, on http://127.0.0.1:54330:
 *
 *   /sms   text messages, oldest first, from the table that playground/demo-project/supabase/migrations creates (DATABASE_URL)
 *   /log   what Auth has written to its log, oldest first, from its container
 *
 * Tests find them through SUPABASE_SMS_URL and SUPABASE_LOG_URL. Needs psql and docker.
 */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';

const port = 54330;
const run = promisify(execFile);
const options = { maxBuffer: 1e9 };
const database = process.env['DATABASE_URL'] ?? 'postgresql://supabase_admin:postgres@127.0.0.1:54322/postgres';

async function readTexts(): Promise<string> {
  const query = "select coalesce(json_agg(payload order by id), '[]') from public.text_messages";
  const { stdout } = await run('psql', [database, '-v', 'ON_ERROR_STOP=1', '-qAtc', query], options);
  return stdout;
}

async function readLog(): Promise<string> {
  const { stdout, stderr } = await run('docker', ['logs', 'supabase_auth_demo-project'], options);
  return JSON.stringify(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('{')));
}

const readers: { [path: string]: () => Promise<string> } = { '/sms': readTexts, '/log': readLog };

const server = createServer(async ({ url = '' }, response) => {
  const read = readers[url];
  try {
    if (!read) response.writeHead(404).end(`There is ${Object.keys(readers).join(' and ')} here.\n`);
    else response.setHeader('content-type', 'application/json').end(await read());
  } catch (error) {
    response.writeHead(500).end(`${error}\n`);
  }
});
server.listen(port, '127.0.0.1', () => {
  console.log(`Text messages and log of the local Supabase: http://127.0.0.1:${port}/sms and /log`);
});
