/** The patches for the official docs, applied as a maintainer would, and the comment, pasted as a reader would. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { format } from 'prettier';
import { guideUrl } from '../support/guide.ts';
import { test } from '../support/open-once.ts';

/** The .prettierrc of supabase/supabase. */
const prettierrc = {
  trailingComma: 'es5',
  tabWidth: 2,
  semi: false,
  singleQuote: true,
  printWidth: 100,
  endOfLine: 'lf',
} as const;

const patches = [
  {
    name: 'passwords.patch',
    repository: 'supabase/supabase',
    path: 'apps/docs/content/guides/auth/passwords.mdx',
    regions: ['factors', 'challenge', 'verify'],
  },
  {
    name: 'auth-mfa.patch',
    repository: 'supabase/supabase',
    path: 'apps/docs/content/guides/auth/auth-mfa.mdx',
    regions: [],
  },
  {
    name: 'troubleshooting.patch',
    repository: 'supabase/supabase',
    path: 'apps/docs/content/troubleshooting/aal2-session-is-required-to-update-email-or-password.mdx',
    regions: ['challenge', 'verify'],
  },
  {
    name: 'error-codes.patch',
    repository: 'supabase/supabase',
    path: 'apps/docs/content/errorCodes/authErrorCodes.toml',
    regions: [],
  },
  {
    name: 'supabase-js.patch',
    repository: 'supabase/supabase-js',
    path: 'packages/core/auth-js/src/GoTrueClient.ts',
    regions: [],
  },
  { name: 'openapi.patch', repository: 'supabase/auth', path: 'openapi.yaml', regions: [] },
];

const pageUrl = () => guideUrl('for-the-official-docs/');

async function textOf(name: string): Promise<string> {
  const response = await fetch(new URL(name, pageUrl()));
  expect(response.status).toBe(200);
  return response.text();
}

interface Hunk {
  start: number;
  before: string[];
  after: string[];
}

/** Returns the hunks of a patch: the lines before and after. Ignores counts, because git checks those. */
function hunksOf(patch: string): Hunk[] {
  return patch
    .split(/^(?=@@ )/m)
    .slice(1)
    .map((hunk) => {
      const [head = '', ...lines] = hunk.replace(/\n$/, '').split('\n');
      const start = Number(/^@@ -(\d+)/.exec(head)?.[1]);
      const with_ = (marks: string) =>
        lines.filter((line) => marks.includes(line.charAt(0))).map((line) => line.slice(1));
      return { start, before: with_(' -'), after: with_(' +') };
    });
}

/** Returns a file that has these parts where the hunks say, and other text around them. */
function fileWith(hunks: Hunk[], side: 'before' | 'after'): string {
  const lines: string[] = [];
  let line = 1;
  for (const hunk of hunks) {
    for (; line < hunk.start; line++) lines.push(`line ${line}`);
    lines.push(...hunk[side]);
    line += hunk.before.length;
  }
  for (let rest = 0; rest < 5; rest++) lines.push(`rest ${rest}`);
  return `${lines.join('\n')}\n`;
}

/** Returns what a patch adds, without its context. */
const addedBy = (patch: string) => (patch.match(/^\+(?!\+\+ ).*$/gm) ?? []).map((line) => line.slice(1)).join('\n');

/** Returns the blocks of code, without indentation. */
const blocksIn = (markdown: string) =>
  [...markdown.matchAll(/^( *)```js\n(.*?)^ *```$/gms)].map(([, margin = '', block = '']) =>
    block.replace(RegExp(`^${margin}`, 'gm'), ''),
  );

/** Returns a region of the file that tests/code/official-docs.spec.ts runs, formatted as Supabase formats code. */
function regionAsSupabaseWrites(region: string): Promise<string> {
  const file = readFileSync('tests/code/reset-password-with-mfa.ts', 'utf8');
  const code = RegExp(`// #region ${region}\n(.*?)// #endregion`, 's').exec(file)?.[1] ?? `no region ${region}`;
  return format(code, { ...prettierrc, parser: 'babel' });
}

test('the page offers these patches', async ({ openOnce }) => {
  const page = await openOnce('for-the-official-docs/');
  const links = page.getByRole('link', { name: /^download / });
  await expect(links).toHaveText(patches.map(({ name }) => `download ${name}`));
});

for (const { name, repository, path, regions } of patches) {
  test(`${name}: git applies it, and the result is what it says`, async () => {
    const patch = await textOf(name);
    expect(patch).toMatch(
      RegExp(`^Repository: ${repository}\nCommit: [0-9a-f]{40}\n\ndiff --git a/${path} b/${path}\n`),
    );
    const hunks = hunksOf(patch);
    const checkout = test.info().outputPath('checkout');
    const file = join(checkout, path);
    mkdirSync(dirname(file), { recursive: true });
    const isNew = patch.includes('\n--- /dev/null\n');
    if (!isNew) writeFileSync(file, fileWith(hunks, 'before'));
    execFileSync('git', ['init', '--quiet'], { cwd: checkout });
    const output = execFileSync('git', ['apply', '--verbose'], {
      cwd: checkout,
      input: patch,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(output).toBe('');
    const expected = isNew ? `${hunks[0]?.after.join('\n')}\n` : fileWith(hunks, 'after');
    expect(readFileSync(file, 'utf8')).toBe(expected);
  });

  test(`${name}: it can be downloaded, and the command names it`, async ({ openOnce }) => {
    const page = await openOnce('for-the-official-docs/');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: `download ${name}` }).click();
    expect((await download).suggestedFilename()).toBe(name);
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(await textOf(name));

    const block = page.locator('.expressive-code', { hasText: `/${name} | git apply` });
    await block.getByTitle('Copy to clipboard').click();
    const [command = ''] = [await page.evaluate(() => navigator.clipboard.readText())];
    expect(command).toBe(`curl -fsS http://localhost:4321/for-the-official-docs/${name} | git apply`);
  });

  test(`${name}: its code is the code that the tests run, formatted by Prettier as Supabase has it`, async () => {
    const blocks = blocksIn(addedBy(await textOf(name)));
    expect(blocks).toEqual(await Promise.all(regions.map(regionAsSupabaseWrites)));
  });

  test(`${name}: links are of the form that these docs use`, async () => {
    const added = addedBy(await textOf(name));
    const links = [...added.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
    expect(
      links.filter((link) => !/^\/(docs\/(guides|reference)|dashboard\/support)\/[\w/#-]+$/.test(link ?? '')),
    ).toEqual([]);
  });
}

for (const name of ['passwords.patch', 'auth-mfa.patch', 'troubleshooting.patch']) {
  test(`${name}: Prettier leaves its text as it is`, async () => {
    const added = `${addedBy(await textOf(name)).trim()}\n`;
    expect(await format(added, { ...prettierrc, parser: 'mdx' })).toBe(added);
  });
}

test('the password guide asks for the code before the new password', async () => {
  const added = addedBy(await textOf('passwords.patch'));
  const steps = [...added.matchAll(/^##### (.*)$/gm)].map(([, step]) => step);
  expect(steps).toEqual([
    "Step 1: List the user's factors",
    'Step 2: Create a challenge',
    'Step 3: Verify the code',
    'Step 4: Update the password',
  ]);
  expect(added).toContain('[...factors.totp, ...factors.phone]');
});

test('the link between the two guides leads to the section', async () => {
  expect(addedBy(await textOf('passwords.patch'))).toContain('#### Resetting the password of a user with MFA\n');
  expect(addedBy(await textOf('auth-mfa.patch'))).toContain(
    '](/docs/guides/auth/passwords#resetting-the-password-of-a-user-with-mfa)',
  );
});

test('the comment has the code and the address of this guide', async ({ openOnce }) => {
  const page = await openOnce('for-the-official-docs/');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTitle('Copy to clipboard').last().click();
  const comment = await page.evaluate(() => navigator.clipboard.readText());
  for (const region of ['factors', 'challenge', 'verify']) {
    expect(comment).toContain(await regionAsSupabaseWrites(region));
  }
  expect(comment).toMatch(/: http:\/\/localhost:4321\/for-the-official-docs\/$/);
  expect(comment).not.toMatch(/\{(\w+)\}\n|\{site\}/);
});
