/** Metadata for search engines, and the tables and versions on pages that no other test reads. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { guideUrl, pageUrls } from '../support/guide.ts';

const text = async (path: string) => (await fetch(guideUrl(path))).text();

function structuredData(html: string) {
  return JSON.parse(/<script type="application\/ld\+json">(.+?)<\/script>/s.exec(html)?.[1] ?? 'null');
}

function words(html: string): string {
  return html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#39;|’/g, "'")
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

test('search engines get every question of the page that asks, each with its answer', async () => {
  const html = await text('questions/');
  const { '@type': type, mainEntity } = structuredData(html);
  const asked = [...html.matchAll(/<h3[^>]*>(.+?)<\/h3>/gs)].map(([, heading = '']) => words(heading));
  expect(type).toBe('FAQPage');
  expect(asked.length).toBeGreaterThan(20);
  expect(mainEntity.map(({ name }: { name: string }) => name)).toEqual(asked.filter((name) => name.endsWith('?')));
  for (const { acceptedAnswer } of mainEntity) {
    expect(acceptedAnswer.text.length).toBeGreaterThan(5);
    expect(words(html)).toContain(acceptedAnswer.text.split(' ').slice(0, 3).join(' '));
  }
  const howTo = structuredData(await text('reset-a-password-with-mfa/'));
  expect([howTo['@type'], howTo.step.length > 2]).toEqual(['HowTo', true]);
  expect(structuredData(await text('about/'))['@type']).toBe('TechArticle');
});

test('the picture of every page exists, in the size that is told', async () => {
  const pictures = new Set<string>();
  for (const url of await pageUrls()) {
    const html = await (await fetch(url)).text();
    const picture = /<meta property="og:image" content="([^"]+)"/.exec(html)?.[1];
    expect(html).toContain('<meta property="og:image:width" content="1200">');
    expect(html).toContain('<meta property="og:image:height" content="630">');
    pictures.add(new URL(picture ?? '').pathname);
  }
  expect(pictures.size).toBeGreaterThan(20);
  for (const path of pictures) {
    const response = await fetch(new URL(path, guideUrl()));
    expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'image/png']);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
  }
});

test('the title of every page names Supabase, and its address is the canonical one', async () => {
  for (const url of await pageUrls()) {
    const html = await (await fetch(url)).text();
    expect(/<title>(.+?)<\/title>/.exec(html)?.[1], url).toContain('Supabase');
    const canonical = /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(new URL(canonical).pathname.replace(/\/$/, '')).toBe(new URL(url).pathname.replace(/\/$/, ''));
  }
});

test('everything may be indexed', async () => {
  expect(await text('robots.txt')).toBe('User-agent: *\nAllow: /\n');
  for (const url of await pageUrls()) {
    const response = await fetch(url);
    expect(response.headers.get('x-robots-tag')).toBeNull();
    expect(await response.text(), url).not.toMatch(/<meta[^>]+noindex/);
  }
});

test('the accounts to try are those of the demo project, and beside a sandbox those of its flow', async () => {
  const rowsOn = async (path: string) => {
    const table = /<table class="accounts".*?<\/table>/s.exec(await text(path))?.[0] ?? '';
    return [...table.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => words(row.replaceAll('</th>', ' </th>')));
  };
  expect(await rowsOn('playground/')).toEqual([
    'Email Second factor',
    'ada@example.com an authenticator app',
    'grace@example.com none',
    'alan@example.com one that was never verified',
    'katherine@example.com two authenticators',
    'radia@example.com a phone',
    'dorothy@example.com an authenticator app and a phone',
    'hedy@example.com a security key',
    'Each password is “old-password-” and the name, for example old-password-ada.',
  ]);
  expect(await rowsOn('sms-factor/')).toEqual([
    'Email Second factor',
    'grace@example.com none',
    'radia@example.com a phone',
    'dorothy@example.com an authenticator app and a phone',
    'Each password is “old-password-” and the name, for example old-password-grace.',
  ]);
});

test('the workflow that runs what it downloads may write nothing', () => {
  for (const file of ['all', 'check', 'real']) {
    const workflow = readFileSync(`.github/workflows/${file}.yml`, 'utf8');
    const [top = '', jobs = ''] = workflow.split(/^jobs:\n/m);
    expect(top).toMatch(/^permissions: \{\}$/m);
    expect(workflow).not.toMatch(/write-all|pull_request_target/);
    for (const job of jobs.split(/^(?= {2}\w[\w-]*:\n)/m)) {
      expect(job).toMatch(/^ {4}permissions:$/m);
      const installs = /\b(npm|npx)\b|\.ci\/run/.test(job);
      const rights = /^ {4}permissions:\n((?: {6}.+\n)+)/m.exec(job)?.[1]?.trim();
      const allowed = installs ? 'contents: read' : 'contents: read\n      issues: write';
      expect([job.split('\n')[0], rights]).toEqual([job.split('\n')[0], allowed]);
    }
    for (const [, action = ''] of workflow.matchAll(/uses: (\S+)/g))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  }
});

test('the feed has every entry of the changelog, and each leads to its place on the page', async () => {
  const html = await text('changelog/');
  const feed = await text('changelog.xml');
  const anchors = [...html.matchAll(/<h2 id="(\d{4}-\d{2}-\d{2})"/g)].map(([, id]) => id);
  expect(anchors.length).toBeGreaterThan(2);
  expect(anchors).toEqual([...anchors].sort().reverse());
  const links = [...feed.matchAll(/<link>([^<]+)<\/link>/g)].map(([, link = '']) => new URL(link).hash.slice(1));
  expect(links.filter(Boolean)).toEqual(anchors);
  expect(html).toContain('<link rel="alternate" type="application/rss+xml"');
});
