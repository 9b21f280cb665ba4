import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the URL of a page of the built guide, which Playwright's web server serves.
 * @param path relative to the guide's base path, without a leading slash
 */
export function guideUrl(path = ''): string {
  const guide = process.env['GUIDE_URL'];
  if (!guide) throw new Error('GUIDE_URL is not set: run the tests with `npm test` or `npx playwright test -c tests`');
  return new URL(path, guide).href;
}

/** Pages of scenarios differ only in what was recorded, so this one represents all of them. */
export const scenario = 'recovery-session-cannot-change-password';

/** Pages with an example's files differ only in the files, so this one represents all of them. */
export const exampleWithFiles = 'totp-step-up';

/**
 * Returns the URL of every page in a guide's sitemap, and of the 404 page. Includes only one page of a scenario, and
 * one with an example's files. `guide` is the guide's URL, with a slash at the end.
 */
export async function pageUrls(guide = guideUrl()): Promise<string[]> {
  const sitemap = await (await fetch(new URL('sitemap-0.xml', guide))).text();
  const paths = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc]) => new URL(loc ?? '').pathname);
  const different = paths.filter(
    (path) =>
      (!/\/proof\/./.test(path) || path.endsWith(`/${scenario}/`)) &&
      (!/\/files\/$/.test(path) || path.endsWith(`/${exampleWithFiles}/files/`)),
  );
  return [...different, `${new URL(guide).pathname}404`].map((path) => new URL(path, guide).href);
}

/**
 * Returns every link in a built guide that leads nowhere: to no file, or to no place on its page. `links`
 * counts the links that were checked.
 * @param folder where the guide was built
 * @param base the path that it's served from, with a slash at both ends
 */
export function deadLinks(folder: string, base: string): { dead: string[]; links: number } {
  const pages = new Map(
    globSync('**/*.html', { cwd: folder }).map((file) => {
      const path = base + file.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1');
      return [path, readFileSync(join(folder, file), 'utf8')] as const;
    }),
  );
  const ids = new Map([...pages].map(([path, html]) => [path, attributes(html, /\sid="([^"]+)"/g)]));
  const links = new Set<string>();
  for (const [path, html] of pages) {
    for (const href of attributes(html, /<a\b[^>]*?\shref="([^"]*)"/g)) {
      const { origin, pathname, hash } = new URL(href, `http://guide.invalid${path}`);
      if (origin === 'http://guide.invalid') links.add(pathname + hash);
    }
  }
  const leadsNowhere = (link: string) => {
    const [path = '', hash] = link.split('#');
    const file = join(folder, path.slice(base.length));
    if (!path.startsWith(base) || !(pages.has(path) || (existsSync(file) && statSync(file).isFile()))) return true;
    return hash !== undefined && hash !== '' && !ids.get(path)?.has(decodeURIComponent(hash));
  };
  return { dead: [...links].filter(leadsNowhere), links: links.size };
}

/** Returns the values of an attribute in built HTML, which always uses double quotes. */
function attributes(html: string, pattern: RegExp): Set<string> {
  const decoded = (text: string) => text.replaceAll(/&(?:amp|#38);/g, '&').replaceAll('&quot;', '"');
  return new Set([...html.matchAll(pattern)].map(([, value = '']) => decoded(value)));
}
