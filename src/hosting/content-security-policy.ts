/**
 * Lets the pages have a Content-Security-Policy that allows nothing inline.
 *
 * Expressive Code, Starlight, and Mermaid write style attributes. After the build, each becomes a class in one style
 * sheet, and so do the `<style>` elements of the diagrams. The policy allows the inline scripts that Starlight needs by
 * their hashes, which go into `dist/_headers` and, for Vercel, into `dist/vercel.json`. Each page's `<meta>` element allows
 * its own scripts alone. If CSP_IN_PAGES is set, that element has the whole policy, for hosts that can't send headers.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { underBase } from '../base.ts';
import { builtHeaders, inlineScripts } from './response-headers.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

/** Matches a start tag, including attributes that contain `>`. Matches scripts and styles as a whole. */
const tagOrRaw = /<(script|style)\b[^>]*>[\s\S]*?<\/\1>|<[a-zA-Z](?:"[^"]*"|'[^']*'|[^'">])*>/g;
const styleAttribute = / style="([^"]*)"/;

/** The former inline styles as style sheets: one for style attributes, on every page, and one for pages with diagrams. */
class Stylesheets {
  readonly #rules = new Map<string, string>();
  readonly #diagrams = new Set<string>();

  /** Returns the class that replaces the value of a style attribute. */
  classFor(escaped: string): string {
    const declarations = escaped.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
    const name = `style-${hash(declarations).toString('hex').slice(0, 8)}`;
    // A style attribute overrides every selector, and so must this. Custom properties don't need it.
    const winning = declarations
      .split(';')
      .filter((declaration) => declaration.trim())
      .map((declaration) => (/^\s*--|!important/.test(declaration) ? declaration : `${declaration}!important`));
    const rule = `.${name}{${winning.join(';')}}`;
    // Starlight's search shows its shortcut with a script that clears the attribute, but a
    // class can't be cleared that way.
    this.#rules.set(name, /^display: ?none/.test(declarations) ? `@media (scripting: none){${rule}}` : rule);
    return name;
  }

  /** Moves a `<style>` element here. A running sandbox shows a copy of its diagram, whose id ends in "-run". */
  addDiagram(element: string): void {
    const css = element.replaceAll(/^<style[^>]*>|<\/style>$/g, '').replaceAll('&gt;', '>');
    this.#diagrams.add(css.replaceAll(/#(diagram-[\w-]+?)(?=[\s{.,:>])/g, ':is(#$1,#$1-run)'));
  }

  /** Writes both into the assets folder, named by their content. Returns their paths in `dist`. */
  write(dist: string): { attributes: string; diagrams: string } {
    const write = (name: string, rules: Iterable<string>) => {
      const css = [...rules].sort().join('\n'); // sorted, so that equal builds produce equal files
      const path = `_astro/${name}.${hash(css).toString('hex').slice(0, 8)}.css`;
      writeFileSync(join(dist, path), css);
      return path;
    };
    return {
      attributes: write('style-attributes', this.#rules.values()),
      diagrams: write('diagrams', this.#diagrams),
    };
  }
}

function withoutInlineStyles(html: string, stylesheets: Stylesheets): string {
  return html.replaceAll(tagOrRaw, (tag, raw) => {
    if (raw === 'script') return tag;
    if (raw === 'style') {
      stylesheets.addDiagram(tag);
      return '';
    }
    const style = styleAttribute.exec(tag);
    if (!style) return tag;
    const bare = tag.replace(styleAttribute, '');
    if (!style[1]?.replaceAll(';', '').trim()) return bare;
    const name = stylesheets.classFor(style[1]);
    const merged = bare.replace(/ class="/, ` class="${name} `);
    return merged === bare ? bare.replace(/^<[\w-]+/, `$& class="${name}"`) : merged;
  });
}

/** Returns the sources that allow a page's inline scripts, as a policy writes them. */
function inlineScriptsOf(html: string): string[] {
  const scripts = [...html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)];
  return scripts
    .filter(([, attributes = '', script = '']) => script.trim() && !attributes.includes('ld+json'))
    .map(([, , script = '']) => `'sha256-${hash(script).toString('base64')}'`);
}

/**
 * Returns the headers' policy for one page. The headers allow `blob:` scripts, for the apps that readers edit, and the inline scripts
 * of all pages. This allows a page its `own` scripts alone. A script runs only if both policies allow it.
 */
function policyFor(own: readonly string[], policy: string, all: readonly string[]): string {
  const notHere = new Set(['blob:', ...all.filter((script) => !own.includes(script))]);
  return policy
    .split(' ')
    .filter((source) => !notHere.has(source))
    .join(' ');
}

/** The Astro integration. It must come after Starlight. */
export function contentSecurityPolicy(): AstroIntegration {
  let base = '/';
  return {
    name: 'content-security-policy',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = config.base;
      },
      'astro:build:done': ({ dir }) => {
        const dist = fileURLToPath(dir);
        const stylesheets = new Stylesheets();
        const pages = globSync('**/*.html', { cwd: dist, exclude: ['play/**'] }).map((name) => {
          const file = join(dist, name);
          const html = withoutInlineStyles(readFileSync(file, 'utf8'), stylesheets);
          return { file, html, scripts: inlineScriptsOf(html) };
        });

        const styles = stylesheets.write(dist);
        // Expressive Code selects its colored words by their style attributes.
        for (const name of globSync('_astro/*.css', { cwd: dist })) {
          const file = join(dist, name);
          const css = readFileSync(file, 'utf8');
          const found = css.replaceAll(/span\[style\^='?--'?\](:not\(\[class\]\))?/g, 'span[class^=style-]');
          if (found !== css) writeFileSync(file, found);
        }

        const allScripts = [...new Set(pages.flatMap(({ scripts }) => scripts))].sort();
        const headersFile = join(dist, '_headers');
        writeFileSync(headersFile, readFileSync(headersFile, 'utf8').replace(inlineScripts, allScripts.join(' ')));
        const headers = Object.entries(builtHeaders()).map(([key, value]) => ({ key, value }));
        const vercel = { trailingSlash: true, headers: [{ source: '/(.*)', headers }] };
        writeFileSync(join(dist, 'vercel.json'), `${JSON.stringify(vercel, null, 2)}\n`);

        const whole = builtHeaders()['Content-Security-Policy']?.replace(/; frame-ancestors [^;]+/, '') ?? '';
        const policy = process.env['CSP_IN_PAGES'] ? whole : (/script-src [^;]+/.exec(whole)?.[0] ?? '');
        const link = (path: string) => `<link rel="stylesheet" href="${underBase(path, base)}">`;
        for (const { file, html, scripts } of pages) {
          const links = link(styles.attributes) + (html.includes('id="diagram-') ? link(styles.diagrams) : '');
          const inPage = `<meta http-equiv="Content-Security-Policy" content="${policyFor(scripts, policy, allScripts)}">`;
          writeFileSync(file, html.replace('</head>', `${links}</head>`).replace(/<meta charset[^>]*>/, `$&${inPage}`));
        }
      },
    },
  };
}
