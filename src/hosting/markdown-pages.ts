/**
 * Writes the guide's pages as Markdown after the build, for people who copy a page and for coding agents: `PAGE.md`
 * beside each page (`index.md` for the home page), `llms.txt` with the list of pages (https://llmstxt.org), and
 * `llms-full.txt` with all of them. Converts the built HTML, so that tables and code made by components are included.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import type { Element, Root } from 'hast';
import { matches, select, selectAll } from 'hast-util-select';
import { toString as textOf } from 'hast-util-to-string';
import rehypeParse from 'rehype-parse';
import rehypeRemark from 'rehype-remark';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { unified } from 'unified';
import { remove } from 'unist-util-remove';
import { underBase } from '../base.ts';

/** Selects what Markdown readers don't need: controls, marks, and words only for screen readers. */
const left =
  'script, style, button, dialog, iframe, template, noscript, input, .proof, .sr-only, .sl-anchor-link, .copy, [hidden], [popover], demo-sandbox, policy-lab';

interface Page {
  /** The path below the base, with a slash at the end. Empty for the home page. */
  path: string;
  title: string;
  description: string;
  markdown: string;
}

const toMarkdown = unified().use(rehypeRemark).use(remarkGfm).use(remarkStringify, { bullet: '-', rule: '-' }).freeze();

/** Converts a page to Markdown. Makes links absolute, so that they work wherever it's pasted. */
function read(html: string, path: string, url: string): Page {
  const tree: Root = unified().use(rehypeParse).parse(html);
  const title = textOf(select('h1', tree) ?? { type: 'text', value: '' });
  const description = String(select('meta[name="description"]', tree)?.properties['content'] ?? '');
  const content = select('.sl-markdown-content', tree);
  if (!content) throw new Error(`${path || 'The home page'} has no content to give as Markdown`);
  for (const svg of selectAll('svg', content)) describe(svg);
  remove(content, (node) => node.type === 'comment' || (node.type === 'element' && matches(left, node as Element)));
  for (const pre of selectAll('pre[data-language]', content)) {
    const code = select('code', pre);
    if (code) code.properties['className'] = [`language-${pre.properties['dataLanguage']}`];
  }
  for (const link of selectAll('a[href]', content)) {
    link.properties['href'] = new URL(String(link.properties['href']), url).href;
  }
  const body = toMarkdown.stringify(toMarkdown.runSync({ type: 'root', children: content.children }));
  return { path, title, description, markdown: `# ${title}\n\n> ${description}\n\nSource: ${url}\n\n${body.trim()}\n` };
}

/** Replaces a diagram with its title and description. */
function describe(svg: Element): void {
  const words = ['title', 'desc']
    .map((name) => textOf(select(name, svg) ?? { type: 'text', value: '' }))
    .filter(Boolean);
  svg.tagName = 'p';
  svg.properties = {};
  svg.children = words.length > 0 ? [{ type: 'text', value: `Diagram: ${words.join('. ')}` }] : [];
}

/** The Astro integration. It must come after Starlight. */
export function markdownPages(): AstroIntegration {
  let base = '/';
  let site = '';
  return {
    name: 'markdown-pages',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = config.base;
        site = config.site ?? '';
      },
      'astro:build:done': ({ dir }) => {
        const dist = fileURLToPath(dir);
        const home = readFileSync(join(dist, 'index.html'), 'utf8');
        const sidebar = select('nav.sidebar', unified().use(rehypeParse).parse(home));
        const groups = selectAll('details', sidebar).map((group) => ({
          label: textOf(select('summary', group) ?? group).trim(),
          paths: selectAll('a', group)
            .map((link) => String(link.properties['href']).slice(underBase('', base).length))
            .filter((path) => path !== 'proof/'), // too many to list: each recording has a page
        }));

        const absolute = (path: string) => new URL(underBase(path, base), site).href;
        const pages = new Map(
          groups
            .flatMap(({ paths }) => paths)
            .map((path) => [path, read(readFileSync(join(dist, path, 'index.html'), 'utf8'), path, absolute(path))]),
        );
        const fileOf = (path: string) => (path ? `${path.slice(0, -1)}.md` : 'index.md');
        for (const { path, markdown } of pages.values()) writeFileSync(join(dist, fileOf(path)), markdown);

        const list = groups.map(({ label, paths }) => {
          const lines = paths.map((path) => {
            const page = pages.get(path);
            return `- [${page?.title}](${absolute(fileOf(path))}): ${page?.description}`;
          });
          return `## ${label}\n\n${lines.join('\n')}\n`;
        });
        const intro = `# Reset with MFA\n\n> ${pages.get('')?.description}\n\nEverything in one file: ${absolute('llms-full.txt')}\nFor coding agents, with the rules to keep: ${absolute('coding-agent.md')}\n`;
        writeFileSync(join(dist, 'llms.txt'), [intro, ...list].join('\n'));
        writeFileSync(
          join(dist, 'llms-full.txt'),
          [...pages.values()].map(({ markdown }) => markdown).join('\n---\n\n'),
        );
      },
    },
  };
}
