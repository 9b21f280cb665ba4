/**
 * `npm run demo-project -- --config FILE`: which settings of a config.toml it uses, which it names as not served, and
 * which it rejects.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigFileError, readConfigFile } from '../node/config-file.ts';
import { defaultConfig } from '../src/config.ts';
import { ES256 } from './signing-keys.ts';
import { freePort, startServer, uncolored } from './start-server.ts';

const root = join(import.meta.dirname, '../../..');
const ofSandboxes = join(root, 'playground/demo-project/supabase/config.toml');

/** The folder of the test's project. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-file-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Writes a project's files, given by their relative paths. Returns the path of its config.toml. */
async function project(files: { [path: string]: string }): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return join(folder, 'supabase/config.toml');
}

/** The npm script, and the command it runs, which starts faster without npm. */
const npmRun = ['npm', 'run', '--silent', 'demo-project', '--'];
const node = ['node', 'playground/demo-project/node/cli.ts'];

/** Returns the message of a demo project that doesn't start. */
async function refusal(
  args: string[],
  { env = {}, by = node }: { env?: NodeJS.ProcessEnv; by?: string[] } = {},
): Promise<{ code: number; stderr: string }> {
  const [program = '', ...rest] = by;
  const ended = promisify(execFile)(program, [...rest, ...args], {
    cwd: root,
    env: { ...uncolored(), ...env },
    timeout: 20_000, // so that it ends if it starts after all
  });
  return ended.then(
    ({ stdout }) => {
      throw new Error(`it has started:\n${stdout}`);
    },
    ({ code, stderr }) => ({ code, stderr: stderr.replace(/^npm warn .*\n/gm, '') }),
  );
}

test("the sandboxes' config file says what the defaults are", () => {
  const { config, notServed, notes } = readConfigFile(ofSandboxes);
  expect(config).toEqual(defaultConfig);
  expect(notServed).toEqual(['auth.sms.twilio']);
  expect(notes).toEqual([]);
});

test('a setting that the file leaves out is what the Supabase CLI sets', async () => {
  const { config, notServed, notes } = readConfigFile(await project({ 'supabase/config.toml': 'project_id = "app"' }));
  const off = { enroll_enabled: false, verify_enabled: false };
  expect(config).toEqual({
    auth: {
      ...defaultConfig.auth,
      site_url: 'http://127.0.0.1:3000',
      additional_redirect_urls: ['https://127.0.0.1:3000'],
      enable_anonymous_sign_ins: false,
      sms: { ...defaultConfig.auth.sms, enable_signup: false, max_frequency: '5s' },
      mfa: {
        max_enrolled_factors: 10,
        totp: off,
        phone: { ...off, otp_length: 6, max_frequency: '5s' },
        web_authn: off,
      },
    },
  });
  expect([notServed, notes]).toEqual([[], []]);
});

test("it starts with a file's settings, says which of them it doesn't serve, and serves the rest", async () => {
  const file = await project({
    'supabase/config.toml': `
project_id = "app"

[api]
port = "passed over"

[auth]
site_url = "env(SITE)"
additional_redirect_urls = ["env(OTHER_SITE)", "env(NOWHERE)"]
signing_keys_path = "./keys/signing.json"
minimum_password_length = "env(LENGTH)"
enable_manual_linking = true

[auth.email.template.recovery]
subject = "A new password for {{ .Email }}"
content_path = "./supabase/mails/recovery.html"

[auth.email.template.invite]
subject = "Join us"

[auth.email.notification.password_changed]
enabled = true
subject = "Changed"

[auth.email.notification.email_changed]
enabled = false
subject = "Changed"

[auth.sms]
enable_signup = true

[auth.sms.test_otp]
15550001111 = "123456"
15550002222 = 654321

[auth.sessions]
timebox = "24h"
inactivity_timeout = "0s"

[auth.captcha]
enabled = true
provider = "hcaptcha"
secret = "env(SECRET)"

[auth.hook.send_sms]
enabled = true
uri = "pg-functions://postgres/public/send_sms"

[auth.external.google]
enabled = true
client_id = "client"

[auth.external.apple]
enabled = false
client_id = "client"

[auth.web3.solana]
enabled = true

[auth.third_party.firebase]
enabled = true
`,
    'supabase/mails/recovery.html': '<a href="{{ .SiteURL }}/reset?token_hash={{ .TokenHash }}">A new password</a>',
    'supabase/keys/signing.json': JSON.stringify([ES256]),
    'supabase/.env': 'SITE=https://app.example.com\nLENGTH=9',
    '.env.local': 'OTHER_SITE=https://other.example.com\nSITE=read too late',
    '.env': 'OTHER_SITE=read too late',
  });
  const port = await freePort();
  const env = { ...uncolored(), LENGTH: '12' };
  const server = await startServer('npm', [...npmRun.slice(1), '--config', file, '--port', String(port)], {
    cwd: root,
    env,
  });
  try {
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
    expect(server.printed.split('\n').slice(0, 4)).toEqual([
      'auth.additional_redirect_urls is used as written, because the environment has no NOWHERE.',
      'auth.sms.enable_signup is off: enable one of the SMS providers, which the CLI asks for too.',
      'Switched on in the file, but not served: auth.enable_manual_linking, auth.email.template.invite.subject, auth.email.notification.password_changed.subject, auth.captcha, auth.external.google, auth.web3.solana, auth.third_party.firebase',
      `Supabase Auth for demonstrations and tests, in memory: http://127.0.0.1:${port}`,
    ]);
    const signUp = await fetch(`${server.url}/auth/v1/signup`, {
      method: 'POST',
      headers: { 'x-supabase-api-version': '2024-01-01' },
      body: '{"email":"new@example.com","password":"11 letters."}',
    });
    expect(await signUp.json()).toEqual({
      code: 'weak_password',
      message: 'Password should be at least 12 characters.',
      weak_password: { reasons: ['length'] },
    });
    const post = (path: string, body: object) =>
      fetch(`${server.url}/auth/v1/${path}`, { method: 'POST', body: JSON.stringify(body) });
    await post('signup', { email: 'new@example.com', password: '12 letters..' });
    await post('recover', { email: 'new@example.com' });
    const { messages } = await (await fetch(`${server.url}/inbox/api/v1/messages`)).json();
    expect(messages.map(({ Subject }: { Subject: string }) => Subject)).toEqual(['A new password for new@example.com']);
    const mail = await (await fetch(`${server.url}/inbox/api/v1/message/${messages[0].ID}`)).json();
    expect(mail.HTML).toMatch(
      /^<a href="https:\/\/app\.example\.com\/reset\?token_hash=\w{56}">A new password<\/a>\r\n$/,
    );
    const jwks = await (await fetch(`${server.url}/auth/v1/.well-known/jwks.json`)).json();
    expect(jwks.keys.map(({ kid }: { kid: string }) => kid)).toEqual([ES256.kid]);
  } finally {
    await server.stop();
  }
  const { config } = readConfigFile(file);
  expect(config.auth).toMatchObject({
    site_url: 'https://app.example.com',
    additional_redirect_urls: ['https://other.example.com', 'env(NOWHERE)'],
    minimum_password_length: 9,
    signing_keys: [ES256],
    email: { notification: { password_changed: { enabled: true } } },
    sms: { enable_signup: false, test_otp: { 15550001111: '123456', 15550002222: '654321' } },
    sessions: { timebox: '24h', inactivity_timeout: '0s' },
  });
});

for (const [what, toml, sentence] of [
  ['an unknown key', '[auth]\n\nsite_ulr = "http://a"', 'line 3: the Supabase CLI knows no setting auth.site_ulr.'],
  ['an unknown table', '[auth.emial]', 'line 1: the Supabase CLI knows no setting auth.emial.'],
  [
    'an unknown key in an inline table',
    '# first\nauth.mfa = { totp = { enrol_enabled = true } }',
    'line 2: the Supabase CLI knows no setting auth.mfa.totp.enrol_enabled.',
  ],
  [
    'a string for a switch',
    '[auth]\nenable_signup = "yes"',
    'line 2: auth.enable_signup has to be true or false, not "yes".',
  ],
  [
    'a variable that is not set for a switch',
    '[auth]\nenable_signup = "env(NOT_SET)"',
    'line 2: auth.enable_signup has to be true or false, not "env(NOT_SET)" (the environment has no NOT_SET).',
  ],
  [
    'a negative number',
    '[auth]\njwt_expiry = -1',
    "line 2: auth.jwt_expiry has to be a whole number that isn't negative, not -1.",
  ],
  ['a number for a string', '[auth]\nsite_url = 1', 'line 2: auth.site_url has to be a string, not 1.'],
  [
    'a number in a list that has several lines',
    '[auth]\njwt_expiry = 60\nadditional_redirect_urls = [\n  "http://a",\n  1,\n]\n',
    'line 3: auth.additional_redirect_urls has to be an array of strings, not ["http://a",1].',
  ],
  [
    'a duration without unit',
    '[auth.email]\nmax_frequency = "60"',
    'line 2: auth.email.max_frequency has to be a duration such as "30s" or "1h30m", not "60".',
  ],
  [
    'a duration that is a number',
    '[auth.sessions]\ntimebox = 60',
    'line 2: auth.sessions.timebox has to be a duration such as "30s" or "1h30m", not 60.',
  ],
  [
    'an unknown word',
    '[auth]\npassword_requirements = "letters"',
    'line 2: auth.password_requirements has to be one of "", "letters_digits", "lower_upper_letters_digits", "lower_upper_letters_digits_symbols", not "letters".',
  ],
  ['a value for a table', '[auth]\nemail = true', 'line 2: auth.email has to be a table, not true.'],
  [
    'a wrong value of a feature that is not served',
    '[auth.captcha]\nenabled = false\nprovider = "other"',
    'line 3: auth.captcha.provider has to be one of "hcaptcha", "turnstile", not "other".',
  ],
  [
    'the text of a mail in the file itself',
    '[auth.email.template.recovery]\ncontent = "<p>"',
    'line 2: auth.email.template.recovery has its text in a file: use content_path instead of content.',
  ],
  ['what is not TOML', '[auth]\nsite_url = http://a', 'line 2: this isn’t valid TOML: invalid value.'],
] as const) {
  test(`refused: ${what}`, async () => {
    const file = await project({ 'supabase/config.toml': toml });
    expect(() => readConfigFile(file)).toThrow(new ConfigFileError(`${file}, ${sentence}`));
  });
}

test('refused by the program, in one sentence: no file, no mail, no signing keys, no such setting, no such option, no port', async () => {
  const missing = join(folder, 'config.toml');
  expect(await refusal(['--config', missing])).toEqual({
    code: 1,
    stderr: `${missing} can't be read: ENOENT: no such file or directory, open '${missing}'.\n`,
  });
  const unknown = await project({ 'supabase/config.toml': '[auth]\nmade_up = true' });
  expect(await refusal(['--config', unknown])).toEqual({
    code: 1,
    stderr: `${unknown}, line 2: the Supabase CLI knows no setting auth.made_up.\n`,
  });
  const mail = join(folder, 'recovery.html');
  const mails = '[auth.email.template.recovery]\ncontent_path = "recovery.html"';
  expect(await refusal(['--config', await project({ 'supabase/config.toml': mails })])).toEqual({
    code: 1,
    stderr: `auth.email.template.recovery.content_path: ${mail} can't be read: ENOENT: no such file or directory, open '${mail}'.\n`,
  });
  const file = await project({ 'supabase/config.toml': '[auth]\nsigning_keys_path = "keys.json"' });
  const keys = join(folder, 'supabase/keys.json');
  expect(await refusal(['--config', file])).toEqual({
    code: 1,
    stderr: `auth.signing_keys_path: ${keys} can't be read: ENOENT: no such file or directory, open '${keys}'.\n`,
  });
  await project({ 'supabase/keys.json': '[{"kty":"oct"}]' });
  expect(await refusal(['--config', file])).toEqual({
    code: 1,
    stderr: `${keys} has to be an array of private keys, each with a kid and the alg ES256 or RS256, as the command supabase gen signing-key writes it.\n`,
  });
  expect(await refusal(['--confg', file], { by: npmRun })).toEqual({
    code: 2,
    stderr: `Unknown option '--confg'\nRun "unofficial-supabase-auth-test-double --help" to see the options.\n`,
  });
  expect(await refusal(['--port', 'x'])).toEqual({
    code: 2,
    stderr: '--port has to be a number from 0 to 65535, not "x".\n',
  });
});
