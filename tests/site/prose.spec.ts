/** What the sources of the pages follow: code is real, and claims about the server's answers have a proof. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@playwright/test';
import { callsOf, errorOf, recordings } from '../../src/proof/recordings.ts';

const pages = globSync('src/content/docs/*.mdx').map((path) => ({
  name: basename(path, '.mdx'),
  text: readFileSync(path, 'utf8').replace(/^---\n.*?\n---\n/s, ''),
}));

test('a block of code of more than two lines comes from a file that is tested', () => {
  const long = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/^```(.*)\n((?:.*\n)*?)```$/gm)]
      .filter(([, , code = '']) => code.split('\n').length - 1 > 2)
      .map(([block]) => `${name}: ${block}`),
  );
  expect(long).toEqual([]);
});

const codes = new Set(recordings.flatMap(callsOf).map(({ response }) => errorOf(response)?.code));

/** Pages whose claims are in tables built from the recordings, or that show what a sandbox does. */
const proved = ['errors', 'decode', '404', 'playground'];

test('who names an error of the server proves it, or says that it is only documented', () => {
  const bare = pages
    .filter(({ name }) => !proved.includes(name))
    .flatMap(({ name, text }) =>
      text
        .split(/\n(?:\n|(?=- |\d+\. |\| ))/)
        .filter((passage) => [...passage.matchAll(/`(?:\d{3} )?(\w+)`/g)].some(([, code = '']) => codes.has(code)))
        .filter((passage) => !/^#|<Proof |not tested here/.test(passage))
        .map((passage) => `${name}: ${passage}`),
    );
  expect(bare).toEqual([]);
});

test('a version that something was tried on is the one that was recorded', () => {
  const recorded = new Set(recordings.map(({ server }) => server.version.replace(/^v|-.*/g, '')));
  expect([...recorded]).toEqual(['2.196.0']);
  const tried = /\b(?:against|from) (?:a real )?(?:Supabase )?Auth,?(?: version)? v?(2[\d.]*\d)/g;
  const named = pages.flatMap(({ name, text }) => [...text.matchAll(tried)].map(([, version]) => `${name} ${version}`));
  expect(named.length).toBeGreaterThan(1);
  expect(named.filter((found) => !/ 2\.196(\.0)?$/.test(found))).toEqual([]);
});

/** This test requests nothing, so it can't see that a page has moved on its site. */
test('a link that leaves the guide goes to a site that is known, in the form that site has', () => {
  const known = [
    /^supabase\.com\/((docs|changelog|dashboard|blog)(\/|$)|\.well-known\/security\.txt$)/,
    /^github\.com\/supabase\/(auth|supabase|supabase-js|ssr|cli)\/(issues|pull|discussions)\/\d+(#[\w-]+)?$/,
    /^github\.com\/supabase\/(auth|supabase|supabase-js|ssr|cli)\/(issues|releases|security|security\/advisories\/new|releases\/tag\/v[\d.]+)$/,
    /^github\.com\/supabase\/(auth|supabase|supabase-js|ssr|cli)\/(commit\/[0-9a-f]{7,40}|(blob|tree)\/(master|v[\d.]+|[0-9a-f]{7,40})\/[\w./-]+(#[\w-]+)?)$/,
    /^github\.com\/(goauthentik\/authentik|keycloak\/keycloak|laravel\/fortify|ory\/kratos)\/(issues|pull|discussions|blob)\//,
    /^github\.com\/(nuxt-modules\/supabase|stackblitz\/starters|supabase\/agent-skills)\/issues\/\d+$/,
    /^hackerone\.com\/supabase$/,
    /^mswjs\.io\/$/,
    /^github\.com\/(better-auth\/better-auth|pennersr\/django-allauth)$/,
    /^(auth0\.com\/docs|cheatsheetseries\.owasp\.org\/cheatsheets|clerk\.com\/docs|cloud\.google\.com\/identity-platform\/docs|pages\.nist\.gov\/800-63-4)\//,
    /^(creativecommons\.org\/publicdomain\/zero\/1\.0\/|www\.npmjs\.com\/package\/[\w@/-]+)$/,
  ];
  const links = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/(?:\]\(|href=")(https?:\/\/[^)"\s]+)/g)].map(([, url = '']) => ({ name, url })),
  );
  expect(links.length).toBeGreaterThan(40);
  const unknown = links.filter(
    ({ url }) => !url.startsWith('https://') || !known.some((form) => form.test(url.slice('https://'.length))),
  );
  expect(unknown.filter(({ url }) => !/^http:\/\/(localhost|127\.0\.0\.1)/.test(url))).toEqual([]);
});
