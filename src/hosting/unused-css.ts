/**
 * Removes unused rules from the style sheets: Starlight has styles for components that this guide doesn't use,
 * and Mermaid for every kind of diagram. Removes a rule only if each of its selectors needs a class that no
 * page's tags and no scripts contain.
 *
 * Then renames the style sheet after its new content, so that browsers can cache it forever.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { parse } from 'postcss';

/** Whether an element could match the selector. Ignores classes in parentheses, which may be alternatives or negations. */
function isPossible(selector: string, names: Set<string>): boolean {
  let outside = selector;
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = before.replaceAll(/\([^()]*\)/g, '');
  }
  return [...outside.matchAll(/\.((?:\\.|[\w-])+)/g)].every(([, name = '']) => names.has(name.replaceAll('\\', '')));
}

/**
 * Returns a style sheet without the rules that can't match.
 * @param css its text
 * @param names every word in the pages' tags and in the scripts
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

/** The Astro integration. It must come after every integration that writes style sheets or changes pages. */
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
        const tags = new Set(pages.flatMap(({ text }) => text.match(/<[a-z][^>]*>/gi) ?? [])); // most tags are on many pages
        const used = [...tags, ...read('**/*.js').map(({ text }) => text)];
        const names = new Set(used.flatMap((text) => text.match(/[\w:-]+/g) ?? []));

        const renamed = new Map<string, string>();
        for (const { file, text } of read('_astro/*.css')) {
          if (!pages.some((page) => page.text.includes(basename(file)))) continue; // a script loads it by its name
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
