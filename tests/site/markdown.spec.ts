/** The guide as Markdown: for people who copy a page, and for coding agents. */
import { expect, test } from '@playwright/test';
import { guideUrl, pageUrls } from '../support/guide.ts';

const read = async (path: string) => {
  const response = await fetch(guideUrl(path));
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
};

test('llms.txt lists every written page, and each is there as Markdown', async () => {
  const list = await read('llms.txt');
  const listed = [...list.matchAll(/\]\(http:\/\/localhost:4321\/(\S+)\.md\)/g)].map(([, page]) => page);
  const written = (await pageUrls())
    .map((url) => new URL(url).pathname.slice(1))
    .filter((path) => !/^(proof|404|playground\/.)/.test(path)) // only pages that people wrote
    .map((path) => path.replace(/\/$/, ''));
  expect(listed.map((page) => (page === 'index' ? '' : page)).sort()).toEqual(written.sort());
  const all = await read('llms-full.txt');
  for (const page of listed) {
    const markdown = await read(`${page}.md`);
    const [title = ''] = markdown.split('\n');
    expect(title).toMatch(/^# \S/);
    const prose = markdown.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '').replaceAll(/`[^`]*`/g, '');
    expect(prose, page).not.toMatch(/(?<!\\)<\/?[a-z][\w-]*[ >]|class=/); // no markup is left
    expect(all).toContain(markdown);
  }
});

test('a page as Markdown has its code with its language, its tables, its links, and its diagrams in words', async () => {
  const markdown = await read('why-a-recovery-session-is-aal1.md');
  expect(markdown).toContain('\nSource: http://localhost:4321/why-a-recovery-session-is-aal1/\n');
  expect(markdown).toMatch(/^\| .+ \| .+ \|$/m);
  expect(markdown).toMatch(/Diagram: .+Auth/);
  expect(markdown).not.toMatch(/\]\((?!https?:)/);
  expect(await read('reset-a-password-with-mfa.md')).toMatch(/^```ts\n[\s\S]+?auth\.mfa\.\w+\(/m);
});

test('"Copy page" and "Copy for your coding agent" put Markdown on the clipboard, and say so', async ({
  context,
  page,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(guideUrl('lost-factor/'));
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'Copy page' }).click();
  await expect(page.getByText('Copied this page as Markdown.')).toBeVisible();
  expect(await clipboard()).toBe(await read('lost-factor.md'));
  await page.getByRole('button', { name: 'Copy for your coding agent' }).click();
  await expect(page.getByText('Copied. Paste it into your coding agent.')).toBeVisible();
  expect(await clipboard()).toBe(await read('coding-agent.md'));
});

test('without a connection, the buttons that copy say where to find the text', async ({ context, page }) => {
  await page.goto(guideUrl('lost-factor/'));
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Copy page' }).click();
  await expect(page.getByText("Couldn't copy it. You can open /lost-factor.md instead.")).toBeVisible();
});

test('the brief for coding agents has the tested code, and what never to do', async () => {
  const brief = await read('coding-agent.md');
  for (const words of [
    '401 insufficient_aal',
    'mfa.listFactors()',
    'mfa.challenge(',
    'mfa.verify(',
    '## Never do this',
    'auth.admin.updateUserById()',
  ])
    expect(brief).toContain(words);
  expect(brief).not.toContain('#region');
});
