/**
 * The headers that let StackBlitz run inside the page and block everything else from other sites. If you change
 * `public/_headers`, change this too.
 */
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { withoutUnused } from '../../src/hosting/unused-css.ts';
import { guideUrl, pageUrls } from '../support/guide.ts';

const headers = {
  'access-control-allow-origin': '*',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'credentialless',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
};

const policy = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'frame-src': "'self' https://stackblitz.com",
  'form-action': "'self' https://stackblitz.com",
  'frame-ancestors': "'self'",
  'base-uri': "'none'",
};

/** Returns the directives of a policy except the one for scripts, and the sources of scripts that aren't hashes. */
function directives(text: string) {
  const all = text.split('; ').map((directive) => directive.split(/ (.*)/s).slice(0, 2) as [string, string]);
  const { 'script-src': scripts = '', ...others } = Object.fromEntries(all);
  const [hashes, sources] = [
    scripts.split(' ').filter((source) => source.startsWith("'sha256-")),
    scripts.split(' ').filter((source) => !source.startsWith("'sha256-")),
  ];
  return { others, hashes, sources, count: all.length };
}

for (const path of ['', 'play/totp-step-up/', 'playground/totp-step-up.json', 'favicon.svg']) {
  test(`/${path} comes with every header, and none is looser than this`, async () => {
    const response = await fetch(guideUrl(path));
    for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name), name).toBe(value);
    const { others, sources, count } = directives(response.headers.get('content-security-policy') ?? '');
    expect(others).toEqual(policy);
    expect(sources).toEqual(["'self'", 'blob:', "'wasm-unsafe-eval'"]);
    expect(count).toBe(Object.keys(policy).length + 1);
  });
}

test('a page allows its own inline scripts and one that the StackBlitz SDK writes, and the headers those of all pages', async () => {
  const hashOf = (script: string) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  const all = new Set<string>();
  for (const url of await pageUrls()) {
    const html = await (await fetch(url)).text();
    const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)]
      .filter(([, attributes = '', script = '']) => script.trim() && !attributes.includes('ld+json'))
      .map(([, , script = '']) => script);
    const own = new Set([...scripts, "document.getElementById('sb_run').submit();"].map(hashOf));
    const [, inPage = ''] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html) ?? [];
    const { others, hashes, sources } = directives(inPage);
    expect(others, url).toEqual({});
    expect(sources, url).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(hashes.sort(), url).toEqual([...own].sort());
    for (const hash of own) all.add(hash);
  }
  const response = await fetch(guideUrl());
  const { hashes } = directives(response.headers.get('content-security-policy') ?? '');
  expect(hashes.sort()).toEqual([...all].sort());
});

test('no page has a style or an event handler in its markup', async () => {
  for (const url of await pageUrls()) {
    const html = (await (await fetch(url)).text()).replaceAll(/<script[\s\S]*?<\/script>/g, '');
    expect(html.match(/<style|<[^>]* (style|on[a-z]+)="/), url).toBeNull();
  }
});

test('for Vercel, the build writes the same headers', async () => {
  const { headers: rules } = await (await fetch(guideUrl('vercel.json'))).json();
  expect(rules).toHaveLength(1);
  expect(rules[0].source).toBe('/(.*)');
  const response = await fetch(guideUrl());
  for (const { key, value } of rules[0].headers) expect(response.headers.get(key), key).toBe(value);
  expect(rules[0].headers).toHaveLength(Object.keys(headers).length + 1);
});

test('each style sheet is named by what is in it, and has nothing for parts that no page has', async () => {
  const html = await Promise.all((await pageUrls()).map(async (url) => (await fetch(url)).text()));
  const links = new Set(html.flatMap((page) => page.match(/(?<=<link rel="stylesheet" href=")[^"]+/g) ?? []));
  expect(links.size).toBeGreaterThan(5);
  for (const link of links) {
    const css = await (await fetch(new URL(link, guideUrl()))).text();
    expect(link).toContain(`.${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`);
    expect(css).not.toContain('.hero');
  }
});

test('a rule goes only if all of its selectors ask for a class that nothing has', () => {
  const css = '.a .gone,.a{color:red}.gone:hover{color:red}:is(.gone,.a) b:not(.gone){& .gone{top:0}top:0}';
  expect(withoutUnused(css, new Set(['a', 'b']))).toBe('.a{color:red}:is(.gone,.a) b:not(.gone){top:0}');
});
