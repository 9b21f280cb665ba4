#!/usr/bin/env node
/**
 * The demo project's command. `--help` describes it. Exits with 0 for --help and --version, 1 if it can't start, and 2
 * for invalid arguments. If it can't start, it prints one sentence to stderr.
 */
import { readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { authVersion, type Seed } from '../src/index.ts';
import { ConfigFileError, readConfigFile, startDemoProject } from './index.ts';

const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const help = `Usage: ${name} [options]

Supabase Auth with MFA, in memory, for demonstrations and tests. Unofficial. Never use it in production.

Options:
  --port NUMBER   the port to listen on, 0 for any that is free (default: 54321)
  --host ADDRESS  the address to listen on (default: 127.0.0.1)
  --config FILE   settings: a config.toml of the Supabase CLI
  --seed FILE     users to start with: JSON, or a module with a default export
  --control       let tests reset the project, move its clock and change its settings over HTTP
  --rest URL      where requests to /rest/v1 go on to, such as a PostgREST
  --help          show this text
  --version       show the version of this package, and of the Auth that it answers as

Examples:
  ${name} --port 9999
  ${name} --config supabase/config.toml --seed users.json
`;

function stop(sentence: string, exitCode: 1 | 2): never {
  console.error(sentence);
  process.exit(exitCode);
}

function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    port: text,
    host: text,
    config: text,
    seed: text,
    control: flag,
    rest: text,
    help: flag,
    version: flag,
  };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error)) throw error;
    return stop(`${error.message}\nRun "${name} --help" to see the options.`, 2);
  }
}

function readPort(port = '54321'): number {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) return Number(port);
  return stop(`--port has to be a number from 0 to 65535, not "${port}".`, 2);
}

function readConfig(path: string) {
  try {
    return readConfigFile(path);
  } catch (error) {
    if (error instanceof ConfigFileError) stop(error.message, 1);
    throw error;
  }
}

async function readSeed(path: string): Promise<Seed> {
  try {
    if (extname(path) === '.json') return JSON.parse(readFileSync(path, 'utf8'));
    const { default: seed } = await import(pathToFileURL(resolve(path)).href);
    if (seed !== undefined) return seed;
  } catch (error) {
    stop(`--seed ${path} can't be read: ${(error as Error).message}`, 1);
  }
  return stop(`--seed ${path} has no default export.`, 1);
}

const values = readArguments();
if (values.help) {
  process.stdout.write(help);
  process.exit();
}
if (values.version) {
  console.log(`${version} (answers as Supabase Auth v${authVersion})`);
  process.exit();
}

const port = readPort(values.port);
const { config = {}, notServed = [], notes = [] } = values.config === undefined ? {} : readConfig(values.config);
const seed = values.seed === undefined ? [] : await readSeed(values.seed);
for (const note of notes) console.log(note);
if (notServed.length > 0) console.log(`Switched on in the file, but not served: ${notServed.join(', ')}`);

const { host = '127.0.0.1', control = false, rest } = values;
if (rest !== undefined && !URL.canParse(rest)) stop(`--rest has to be a URL, not "${rest}".`, 2);
const { url, keys } = await startDemoProject({ port, host, config, seed, control, rest }).catch((error) => {
  if (error.code === 'EADDRINUSE')
    stop(`Port ${port} is taken, perhaps by the Supabase CLI. Choose another one, such as --port ${port + 10}.`, 1);
  if (error.syscall) stop(`Can't listen on ${host}, port ${port}: ${error.message}.`, 1);
  return stop(error.message, 1);
});
console.log(`Supabase Auth for demonstrations and tests, in memory: ${url}
Emails: ${url}/inbox  Text messages: ${url}/sms  Auth log: ${url}/log
API keys, the same for everybody and worth nothing elsewhere:
  anon ${keys.anon}
  service ${keys.service}`);
if (seed.length > 0) console.log('Users:');
for (const { email, password } of seed) console.log(`  ${email} ${password}`);
console.log('Press Ctrl+C to stop.');
