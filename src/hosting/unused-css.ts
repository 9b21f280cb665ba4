/**
 * Takes out of the style sheets what no page uses: Starlight brings the looks of parts that this guide doesn't have, and Mermaid those of diagrams of
 * every kind. A tenth of a page's weight, or more.
 *
 * A class counts as used when an element of a page has it, or when a script names it. A style sheet gets the name of what is left in it, so that
 * browsers can keep it for good.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { PurgeCSS } from 'purgecss';

/** The Astro integration. It has to come after all that write style sheets or change pages. */
export function unusedCss(): AstroIntegration {
  return {
    name: 'unused-css',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const dist = fileURLToPath(dir);
        const inDist = (pattern: string) =>
          globSync(pattern, { cwd: dist, exclude: ['play/**'] }).map((name) => join(dist, name));
        const pages = inDist('**/*.html');
        const html = pages.map((file) => readFileSync(file, 'utf8'));
        const linked = inDist('_astro/*.css').filter((file) => html.some((page) => page.includes(basename(file))));
        // Words of the text are no classes. Most tags are on many pages, and are looked at once.
        const tags = new Set(html.flatMap((page) => page.match(/<[a-z][^>]*>/gi) ?? []));
        const purged = await new PurgeCSS().purge({
          css: linked,
          content: [{ raw: [...tags].join('\n'), extension: 'html' }, ...inDist('**/*.js')],
          defaultExtractor: (content) => content.match(/[\w:-]+/g) ?? [],
        });
        const renamed = new Map<string, string>();
        for (const { file = '', css } of purged) {
          const hash = createHash('sha256').update(css).digest('hex').slice(0, 8);
          const name = basename(file).replace(/[^.]+\.css$/, `${hash}.css`);
          writeFileSync(file, css);
          renameSync(file, join(dist, '_astro', name));
          renamed.set(basename(file), name);
        }
        pages.forEach((file, index) => {
          const links = /(?<=<link rel="stylesheet" href="[^"]*\/)[^"/]+\.css(?=")/g;
          writeFileSync(
            file,
            (html[index] ?? '').replaceAll(links, (name) => renamed.get(name) ?? name),
          );
        });
      },
    },
  };
}
