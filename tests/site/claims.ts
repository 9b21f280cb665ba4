/** The claims of the guide and the recordings that their marks name: what a claim names in a form that a machine can look for must be there. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { endpointOf } from '../../src/proof/endpoints.ts';
import { callsOf, errorOf, type Recording, recordingOf, recordings } from '../../src/proof/recordings.ts';
import { calls } from '../../src/sessions/calls.ts';

export interface Claim {
  where: string;
  /** The sentence that the mark stands at, with its MDX. */
  text: string;
  scenarios: string[];
}

/** Every mark on the pages, with the sentence before it, and every sentence of the table of calls. */
export function claims(): Claim[] {
  const pages = globSync('src/content/docs/*.mdx').flatMap((path) =>
    claimsIn(readFileSync(path, 'utf8'), basename(path, '.mdx')),
  );
  const table = Object.values(calls)
    .flat()
    .flatMap(({ name, others, spent }) =>
      [others, spent]
        .filter((claim) => claim !== undefined)
        .map(([text, scenarios]) => ({ where: `calls.ts, ${name}`, text, scenarios: scenarios.split(' ') })),
    );
  return [...pages, ...table];
}

/** The marks in the source of a page. */
export function claimsIn(source: string, where: string): Claim[] {
  return source.split(/\n(?:\n|(?=\s*(?:- |\d+\. |\| )))/).flatMap((passage) => {
    const [, ...marks] = passage.split('<Proof ');
    const texts = passage.split(/<Proof [^>]*\/>/);
    return marks.map((mark, index) => ({
      where,
      text: lastSentence(texts[index] ?? ''),
      scenarios: (/scenario="([^"]*)"/.exec(mark)?.[1] ?? '').split(/\s+/),
    }));
  });
}

/** The last sentence of a text, or the last cell if it is a row of a table. */
function lastSentence(text: string): string {
  const sentence = text
    .trim()
    .split(/(?<=[.:?!])(?:\*\*)?\s+(?=[A-Z`<*[])|(?<!\\)\|/)
    .filter((part) => part.trim() !== '')
    .at(-1);
  return (sentence ?? '').trim();
}

/** What each method of supabase-js calls. */
const endpoints: { [method: string]: string[] } = {
  resetPasswordForEmail: ['POST /recover'],
  verifyOtp: ['POST /verify'],
  exchangeCodeForSession: ['POST /token?grant_type=pkce'],
  signInWithPassword: ['POST /token?grant_type=password'],
  refreshSession: ['POST /token?grant_type=refresh_token'],
  getUser: ['GET /user'],
  listFactors: ['GET /user'],
  updateUser: ['PUT /user'],
  'mfa.enroll': ['POST /factors'],
  'mfa.challenge': ['POST /factors/{id}/challenge'],
  'mfa.verify': ['POST /factors/{id}/verify'],
  challengeAndVerify: ['POST /factors/{id}/verify'],
  'mfa.unenroll': ['DELETE /factors/{id}'],
  reauthenticate: ['GET /reauthenticate'],
  signOut: ['POST /logout'],
  signInWithOtp: ['POST /otp'],
  resend: ['POST /resend'],
  generateLink: ['POST /admin/generate_link'],
  updateUserById: ['PUT /admin/users/{id}'],
  deleteUser: ['DELETE /admin/users/{id}'],
  deleteFactor: ['DELETE /admin/users/{id}/factors/{id}'],
};

/** Calls that set the scene are not recorded one by one, but told in a sentence. */
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

/** What a claim names, and whether a recording has it. */
function namedIn(text: string): [what: string, isIn: (recording: Recording) => boolean][] {
  const plain = text.replace(/\]\([^)]*\)/g, ']'); // without addresses of links
  const has = (pattern: RegExp) => (recording: Recording) => pattern.test(JSON.stringify(recording.exchanges));
  const given = ({ exchanges }: Recording) => exchanges.flatMap((step) => ('given' in step ? [step.given] : []));
  const calls = (wanted: string) => (recording: Recording) =>
    callsOf(recording).some(({ request }) => endpointOf(request).replace(/\?redirect.*/, '') === wanted) ||
    scenes.some(([endpoint, sentence]) => endpoint === wanted && given(recording).some((text) => sentence.test(text)));

  return [
    ...[...plain.matchAll(/(?<![\w.#/-])([1-5]\d\d)(?![\w.,]*\d|[\w-]|%| (?:characters|requests|users|times|codes))/g)]
      .flatMap(([, status = '']) => (statuses.has(status) ? [status] : []))
      .map((status): [string, (recording: Recording) => boolean] => [
        `status ${status}`,
        (recording) =>
          callsOf(recording).some(({ response }) => `${response.status}` === status) ||
          has(new RegExp(`"status":${status}`))(recording),
      ]),
    ...[...plain.matchAll(/`(?:\d{3} )?(\w+)`/g)]
      .flatMap(([, code = '']) => (codes.has(code) ? [code] : []))
      .map((code): [string, (recording: Recording) => boolean] => [
        code,
        (recording) => callsOf(recording).some(({ response }) => errorOf(response)?.code === code),
      ]),
    ...[...plain.matchAll(/\baal([12])\b|<Aal level="([12])"/g)].map(
      ([, said, shown]): [string, (recording: Recording) => boolean] => [
        `aal${said ?? shown}`,
        (recording) =>
          has(new RegExp(`"aal":"aal${said ?? shown}"|<aal${said ?? shown} token`))(recording) ||
          ((said ?? shown) === '2' && given(recording).some((text) => /lifted|verified a/.test(text))),
      ],
    ),
    ...[...plain.matchAll(/((?:mfa\.)?\w+)\(/g)].flatMap(([, method = '']) =>
      (endpoints[method] ?? endpoints[method.replace('mfa.', '')] ?? []).map(
        (endpoint): [string, (recording: Recording) => boolean] => [`${method}()`, calls(endpoint)],
      ),
    ),
    ...[...plain.matchAll(/\b(GET|POST|PUT|DELETE) (\/[\w/{}?=]+)/g)].map(
      ([, method, path]): [string, (recording: Recording) => boolean] => [
        `${method} ${path}`,
        (recording) =>
          callsOf(recording).some(({ request }) => endpointOf(request).startsWith(`${method} ${path}`)) ||
          calls(`${method} ${path}`)(recording),
      ],
    ),
    ...subjects.flatMap(([said, shown]): [string, (recording: Recording) => boolean][] =>
      said.test(plain) ? [[String(said), (recording) => shown.test(JSON.stringify(recording))]] : [],
    ),
  ];
}

/** Words that say what a claim is about, and what a recording of it has in its calls, its scene or its title. */
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
  [/\btext message|\bphone factor/i, /phone|sms|texts/i],
  [/\bunenroll?(?:ed|ing|s)?\b/i, /"DELETE"|unenrol/i],
];

/** What the claim names and none of the recordings of its mark has. */
export function unproved({ text, scenarios }: Claim): string[] {
  const named = namedIn(text);
  const proofs = scenarios.map(recordingOf);
  return [...new Set(named.flatMap(([what, isIn]) => (proofs.some(isIn) ? [] : [what])))];
}

/** Whether a machine can tell anything of the claim. */
export function canBeChecked({ text }: Claim): boolean {
  return namedIn(text).length > 0;
}
