/**
 * Explains the glossary's terms where a page first uses them.
 *
 * The only source is src/content/docs/glossary.mdx: it has a heading for each term, and the paragraph below it is the
 * tooltip's text. At the first use of each term, a page gets a link to the glossary, with the explanation as a popover
 * beside it. src/glossary/tooltips.ts turns that link into a button.
 */
import { readFileSync } from 'node:fs';
import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';
import type { Element, ElementContent } from 'hast';
import { underBase } from '../base.ts';

type HastPlugin = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];

/** How each term looks in prose, by its anchor in the glossary. A term that contains another one comes first. */
export const words: { [anchor: string]: RegExp } = {
  aal: /\bauthenticator assurance level\b|\bAAL\b/i,
  amr: /\bauthentication methods references\b|\bAMR\b/i,
  totp: /\btime-based one-time password\b|\bTOTP\b/i,
  pkce: /\bProof Key for Code Exchange\b|\bPKCE\b/i,
  rls: /\brow level security\b|\bRLS\b/i,
  ssr: /\bserver-side rendering\b|\bSSR\b/i,
  'token-hash': /\btoken hash\b/i,
  'service-key': /\b(?:service|secret|service role) key\b/i,
  'verified-factor': /\bverified factors?\b/i,
  'step-up': /\bstep-up\b/i,
  challenge: /(?<!code )\bchallenges?\b/i,
  nonce: /\bnonce\b/i,
  factor: /\bfactors?\b/i,
};

/** Returns the text of each tooltip: the first paragraph below the term's heading, without Markdown. */
export function explanations(glossary = readFileSync('src/content/docs/glossary.mdx', 'utf8')): Map<string, string> {
  const sections = glossary.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = '', paragraph = ''] = section.split(/\n\n/);
      return [
        heading.toLowerCase().replaceAll(' ', '-'),
        paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)|[`*]/g, '$1').trim(),
      ];
    }),
  );
}

/** Elements in which terms aren't explained: links, code, and headings. */
const skipped = /^(?:a|button|code|pre|summary|h[1-6]|th)$/;

/** Returns the plugin. `base` is the site's base path. */
export function glossaryTerms(base: string): HastPlugin {
  const texts = explanations();
  return ({ fileURL }) => {
    if (!fileURL?.pathname.includes('/content/docs/') || /\/(?:glossary|404)\.mdx$/.test(fileURL.pathname))
      return false;
    const unseen = new Set(Object.keys(words));
    return {
      name: 'glossary-terms',
      text(node, context) {
        let above: ReturnType<typeof context.parent> | undefined = context.parent(node);
        for (; above && above.type !== 'root'; above = context.parent(above)) {
          if (above.type === 'mdxJsxTextElement' || ('tagName' in above && skipped.test(above.tagName))) return;
        }
        const parts = split(node.value, unseen, (anchor, word) => term(anchor, word, texts.get(anchor) ?? '', base));
        if (parts.length > 1) context.replaceNode(node, parts);
      },
    };
  };
}

/** Splits the text at its first uses of unseen terms, and replaces those. Removes them from `unseen`. */
function split(
  text: string,
  unseen: Set<string>,
  replace: (anchor: string, word: string) => ElementContent[],
): ElementContent[] {
  const found = [...unseen]
    .map((anchor) => ({ anchor, match: words[anchor]?.exec(text) }))
    .filter(({ match }) => match)
    .sort((a, b) => (a.match?.index ?? 0) - (b.match?.index ?? 0))[0];
  if (!found?.match) return text ? [{ type: 'text', value: text }] : [];
  const { anchor, match } = found;
  unseen.delete(anchor);
  return [
    ...(match.index > 0 ? [{ type: 'text' as const, value: text.slice(0, match.index) }] : []),
    ...replace(anchor, match[0]),
    ...split(text.slice(match.index + match[0].length), unseen, replace),
  ];
}

function term(anchor: string, word: string, explanation: string, base: string): ElementContent[] {
  const href = underBase(`glossary/#${anchor}`, base);
  const link = (className: string, text: string): Element => ({
    type: 'element',
    tagName: 'a',
    properties: { className: [className], href },
    children: [{ type: 'text', value: text }],
  });
  return [
    link('term', word),
    {
      type: 'element',
      tagName: 'span',
      properties: { className: ['term-explanation'], popover: 'auto', dataPagefindIgnore: '' },
      children: [{ type: 'text', value: `${explanation} ` }, link('term-more', `${word} in the glossary`)],
    },
  ];
}
