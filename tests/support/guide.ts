import type { Page } from '@playwright/test';

/**
 * The address of a page of the built guide, which Playwright's web server serves.
 * @param path relative to the guide's base path, without a leading slash
 */
export function guideUrl(path = ''): string {
  const guide = process.env['GUIDE_URL'];
  if (!guide) throw new Error('GUIDE_URL is not set: run the tests with `npm test` or `npx playwright test -c tests`');
  return new URL(path, guide).href;
}

/** The pages of scenarios differ in nothing but what was recorded: this one stands for all of them. */
export const scenario = 'recovery-session-cannot-change-password';

/**
 * Every page of a guide, from its own sitemap, and the page for addresses that do not exist. Of the pages of scenarios it is one.
 * `guide` is its address, with a slash at the end.
 */
export async function pageUrls(guide = guideUrl()): Promise<string[]> {
  const sitemap = await (await fetch(new URL('sitemap-0.xml', guide))).text();
  const paths = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc]) => new URL(loc ?? '').pathname);
  const different = paths.filter((path) => !/\/proof\/./.test(path) || path.endsWith(`/${scenario}/`));
  return [...different, `${new URL(guide).pathname}404`].map((path) => new URL(path, guide).href);
}

/** Every link of a guide's pages that leads nowhere: to no page, or to no place on its page. `links` counts those that were tried. */
export async function deadLinks(page: Page, guide = guideUrl()): Promise<{ dead: string[]; links: number }> {
  const links = new Set<string>();
  const ids = new Map<string, string[]>();
  for (const url of await pageUrls(guide)) {
    await page.goto(url);
    ids.set(new URL(url).pathname, await page.locator('[id]').evaluateAll((all) => all.map(({ id }) => id)));
    const hrefs = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const href of hrefs) if (new URL(href).origin === new URL(guide).origin) links.add(href);
  }
  const dead: string[] = [];
  for (const link of links) {
    const { pathname, hash } = new URL(link);
    const { status } = await fetch(link);
    if (status !== 200) dead.push(`${status} ${link}`);
    else if (hash && !ids.get(pathname)?.includes(decodeURIComponent(hash.slice(1))))
      dead.push(`no such place ${link}`);
  }
  return { dead, links: links.size };
}
