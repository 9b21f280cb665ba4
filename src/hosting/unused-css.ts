/**
 * Takes out of the style sheets what no page can use: Starlight brings the looks of parts that this guide doesn't have, and Mermaid those of diagrams of
 * every kind. A rule goes only if each of its selectors asks for a class that neither a tag of any page nor any script names.
 *
 * A style sheet then gets the name of what is left in it, so that browsers can keep it for good.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { parse } from 'postcss';

/** Whether an element could match the selector. Classes in parentheses don't tell: of several, or of what must not be there. */
function isPossible(selector: string, names: Set<string>): boolean {
  let outside = selector;
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = before.replaceAll(/\([^()]*\)/g, '');
  }
  return [...outside.matchAll(/\.((?:\\.|[\w-])+)/g)].every(([, name = '']) => names.has(name.replaceAll('\\', '')));
}

/**
 * A style sheet without the rules that can't match.
 * @param css its text
 * @param names every word of the pages' tags and of the scripts
 */
export function withoutUnused(css: string, names: Set<string>): string {
  const sheet = parse(css);
  sheet.walkRules((rule) => {
    if (rule.parent?.type === 'atrule' && 'name' in rule.parent && rule.parent.name === 'keyframes') return;
    const possible = rule.selectors.filter((selector) => isPossible(selector, names));
    if (possible.length > 0) rule.selectors = possible;
    else rule.remove();
  });
  return sheet.toString();
}

/** The Astro integration. It has to come after all that write style sheets or change pages. */
export function unusedCss(): AstroIntegration {
  return {
    name: 'unused-css',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const dist = fileURLToPath(dir);
        const read = (pattern: string) =>
          globSync(pattern, { cwd: dist, exclude: ['play/**'] }).map((name) => {
            const file = join(dist, name);
            return { file, text: readFileSync(file, 'utf8') };
          });
        const pages = read('**/*.html');
        const tags = new Set(pages.flatMap(({ text }) => text.match(/<[a-z][^>]*>/gi) ?? [])); // most are on many pages
        const used = [...tags, ...read('**/*.js').map(({ text }) => text)];
        const names = new Set(used.flatMap((text) => text.match(/[\w:-]+/g) ?? []));

        const renamed = new Map<string, string>();
        for (const { file, text } of read('_astro/*.css')) {
          if (!pages.some((page) => page.text.includes(basename(file)))) continue; // a script asks for it by its name
          const css = withoutUnused(text, names);
          const hash = createHash('sha256').update(css).digest('hex').slice(0, 8);
          const name = basename(file).replace(/[^.]+\.css$/, `${hash}.css`);
          rmSync(file);
          writeFileSync(join(dist, '_astro', name), css);
          renamed.set(basename(file), name);
        }
        const links = /(?<=<link rel="stylesheet" href="[^"]*\/)[^"/]+\.css(?=")/g;
        for (const { file, text } of pages) {
          writeFileSync(
            file,
            text.replaceAll(links, (name) => renamed.get(name) ?? name),
          );
        }
      },
    },
  };
}
