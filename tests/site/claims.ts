/**
 * Compares the guide's claims with the recordings that their marks name. If a claim names something that a program can
 * look for, a recording must have it.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { calls } from '../../src/book/calls.ts';
import { sessionCalls } from '../../src/book/sessions.ts';
import { claimsIn as claimsOfPage } from '../../src/proof/claims.ts';
import { endpointOf } from '../../src/proof/endpoints.ts';
import { callsOf, errorOf, type Recording, recordingOf, recordings } from '../../src/proof/recordings.ts';

export interface Claim {
  where: string;
  /** The sentence that has the mark, as MDX. */
  text: string;
  scenarios: string[];
}

/** Returns every mark on the pages with the sentence before it, and every sentence of the table of calls. */
export function claims(): Claim[] {
  const pages = globSync('src/content/docs/*.mdx').flatMap((path) =>
    claimsIn(readFileSync(path, 'utf8'), basename(path, '.mdx')),
  );
  const table = Object.values(sessionCalls)
    .flat()
    .flatMap(({ name, others, spent }) =>
      [others, spent]
        .filter((claim) => claim !== undefined)
        .map(([text, scenarios]) => ({ where: `sessions.ts, ${name}`, text, scenarios: scenarios.split(' ') })),
    );
  return [...pages, ...table];
}

/** Returns the marks in a page's source. */
export function claimsIn(source: string, where: string): Claim[] {
  return claimsOfPage(source).map(({ text, passage, scenarios }) => ({
    where,
    text: claimBefore(text, passage),
    scenarios,
  }));
}

/**
 * Returns the text that a mark proves. In a table, that's its cell and what the row is about. Elsewhere it's the
 * sentence before the mark or, if that has nothing to look for, everything since the previous mark.
 */
function claimBefore(text: string, passage: string): string {
  if (passage.startsWith('| ')) return `${passage.split('|')[1]}: ${text.replaceAll('|', ' ').trim()}`;
  const sentence = text
    .trim()
    .split(/(?<=[.:?!])(?:\*\*)?\s+(?=[A-Z`<*[])/)
    .at(-1);
  return sentence && namedIn(sentence).length > 0 ? sentence : text.trim();
}

/** Returns the endpoints that a method of supabase-js calls. Takes its name with or without its namespace. */
function endpointsOf(method: string): string[] {
  if (method === 'challengeAndVerify') return [calls['mfa.verify()']];
  if (method === 'linkIdentity') return []; // with a token, it calls another endpoint
  return Object.entries(calls).flatMap(([call, endpoint]) =>
    [`${method}()`, `mfa.${method}()`, `admin.${method}()`, `admin.mfa.${method}()`].includes(call) ? [endpoint] : [],
  );
}

/** Recordings describe the calls that set the scene in a sentence, instead of recording each one. */
const scenes: [endpoint: string, sentence: RegExp][] = [
  ['POST /recover', /recovery mail|recovery link/],
  ['GET /verify', /opened a (?:recovery|magic) link/],
  ['POST /token?grant_type=pkce', /exchanged its code/],
  ['POST /token?grant_type=password', /signed in with the password/],
  ['POST /token?grant_type=refresh_token', /was refreshed/],
  ['POST /factors', /enrolled|verified a/],
  ['POST /factors/{id}/challenge', /a challenge|lifted|verified/],
  ['POST /factors/{id}/verify', /lifted|verified/],
  ['POST /logout', /signed out/],
  ['POST /otp', /magic link/],
  ['GET /reauthenticate', /nonce|reauthenticat/],
];

const codes = new Set(recordings.flatMap(callsOf).flatMap(({ response }) => errorOf(response)?.code ?? []));
const statuses = new Set(recordings.flatMap(callsOf).map(({ response }) => `${response.status}`));

/** The names of the settings that recordings were made with. */
const settings = new Set(
  recordings.flatMap(({ settings }) =>
    [...JSON.stringify(settings).matchAll(/"(\w+)":/g)].map(([, name = '']) => name),
  ),
);
for (const group of ['auth', 'email', 'sms', 'mfa', 'phone', 'sessions', 'recovery', 'enabled']) settings.delete(group);

type Named = [what: string, isIn: (recording: Recording) => boolean];

/** Returns what a claim names, and whether a recording has it. */
function namedIn(text: string): Named[] {
  const plain = text.replace(/\]\([^)]*\)/g, ']'); // without the URLs of links
  const has = (pattern: RegExp) => (recording: Recording) => pattern.test(JSON.stringify(recording.exchanges));
  const given = ({ exchanges }: Recording) => exchanges.flatMap((step) => ('given' in step ? [step.given] : []));
  const called = (wanted: string) => (recording: Recording) =>
    callsOf(recording).some(({ request }) => endpointOf(request).replace(/\?redirect.*/, '') === wanted) ||
    scenes.some(([endpoint, sentence]) => endpoint === wanted && given(recording).some((text) => sentence.test(text)));

  return [
    ...[...plain.matchAll(/(?<![\w.#/-])([1-5]\d\d)(?![\w.,]*\d|[\w-]|%| (?:characters|requests|users|times|codes))/g)]
      .flatMap(([, status = '']) => (statuses.has(status) ? [status] : []))
      .map(
        (status): Named => [
          `status ${status}`,
          (recording) =>
            callsOf(recording).some(({ response }) => `${response.status}` === status) ||
            has(new RegExp(`"status":${status}`))(recording),
        ],
      ),
    ...[...plain.matchAll(/(?:`|<Refused>)(?:\d{3} )?(\w+)(?:`|<\/Refused>)/g)]
      .flatMap(([, code = '']) => (codes.has(code) ? [code] : []))
      .map(
        (code): Named => [
          code,
          (recording) => callsOf(recording).some(({ response }) => errorOf(response)?.code === code),
        ],
      ),
    ...[...plain.matchAll(/\baal([12])\b|<Aal level="([12])"/g)].map(
      ([, said, shown]): Named => [
        `aal${said ?? shown}`,
        (recording) =>
          has(new RegExp(`"aal":"aal${said ?? shown}"|<aal${said ?? shown} token`))(recording) ||
          ((said ?? shown) === '2' && given(recording).some((text) => /lifted|verified a/.test(text))),
      ],
    ),
    ...[...plain.matchAll(/((?:mfa\.)?\w+)\(/g)].flatMap(([, method = '']) =>
      endpointsOf(method)
        .slice(0, 1)
        .map((endpoint): Named => [`${method}()`, called(endpoint)]),
    ),
    ...[...plain.matchAll(/\b(GET|POST|PUT|DELETE) (\/[\w/{}?=]+)/g)].map(
      ([, method, path]): Named => [
        `${method} ${path}`,
        (recording) =>
          callsOf(recording).some(({ request }) =>
            endpointOf(request).startsWith(`${method} ${path}`.replace('/auth/v1', '')),
          ) || called(`${method} ${path}`)(recording),
      ],
    ),
    ...[...plain.matchAll(/\b(\d{3}) `(\w+)`/g)]
      .filter(([, status = '', code = '']) => statuses.has(status) && codes.has(code))
      .map(
        ([, status, code]): Named => [
          `${status} with ${code}`,
          (recording) =>
            callsOf(recording).some(
              ({ response }) => `${response.status}` === status && errorOf(response)?.code === code,
            ),
        ],
      ),
    ...[...plain.matchAll(/`(?:auth\.)?(?:\w+\.)*(\w+)`/g)]
      .flatMap(([, setting = '']) => (settings.has(setting) ? [setting] : []))
      .map(
        (setting): Named => [
          `setting ${setting}`,
          (recording) => JSON.stringify(recording.settings).includes(`"${setting}"`),
        ],
      ),
    ...subjects.flatMap(([said, shown]): Named[] =>
      said.test(plain) ? [[`what ${said} is about`, (recording) => shown.test(JSON.stringify(recording))]] : [],
    ),
  ];
}

/** Words that say what a claim is about, and what a recording of it has in its calls, scene, or title. */
const subjects: [said: RegExp, shown: RegExp][] = [
  [/\bPKCE\b/, /code_challenge|grant_type=pkce|PKCE/],
  [/\bmagic link/i, /"\/otp|magic ?link/i],
  [/\bpasskey/i, /passkey/i],
  [/\bWebAuthn\b/i, /webauthn/i],
  [/\banonymous\b/i, /anonymous user|is_anonymous":true|"body":{}/i],
  [/`nonce`|\bnonce\b/, /nonce|reauthenticat/i],
  [/`?token_hash`?|\bhash\b/, /token_hash|hash/],
  [/\bbanned?\b/i, /ban/i],
  [/\bcurrent password\b/i, /current.password/i],
  [/\bsets? (?:a|the|a new|the first) password\b/i, /"method":"PUT"/],
  [/\btext message|\bphone factor/i, /phone|sms|texts/i],
  [/\bunenroll?(?:ed|ing|s)?\b/i, /"DELETE"|unenroll/i],
  [/\badministrator/i, /\/admin\//],
  [/\bSite URL\b|\bredirectTo\b|\bredirect URLs?\b/, /redirect_to/],
  [/\bweak\b|\bstrength\b/i, /weak_password/],
  [/\bnever verified\b|\bunverified\b/i, /unverified|without verifying/],
  [/\bchallenge\b/i, /challenge/],
  [/\bIP address|X-Forwarded-For/, /x-forwarded-for/],
  [/\bnotification/i, /notification/],
  [/\bnewer (?:e?mail|one)|\bolder link/i, /(?:recovery mail|"\/recover").*(?:recovery mail|"\/(?:recover|otp)")/],
  [
    /\bsessions? (?:\*\*)?ends?\b|\bends? (?:all|every)\b|\bsigned out\b|\bends it\b|\bThey end\b/,
    /session_not_found|refresh_token_not_found/,
  ],
  [/\b(?:an hour|minutes?|half a minute)\b/, /"advance"|expires_in|period/],
];

/** Returns what the claim names and none of its recordings has. */
export function unproved({ text, scenarios }: Claim): string[] {
  const named = namedIn(text);
  const proofs = scenarios.map(recordingOf);
  return [...new Set(named.flatMap(([what, isIn]) => (proofs.some(isIn) ? [] : [what])))];
}

/** Whether a program can check anything in the claim. */
export function canBeChecked({ text }: Claim): boolean {
  return namedIn(text).length > 0;
}
