/** Splits a text into sentences: remark reads it (Markdown, MDX), then retext (English). */
import type { Root as MdastRoot, Table } from 'mdast';
import type { Root as NlcstRoot } from 'nlcst';
import { toString as textOf } from 'nlcst-to-string';
import { ParseEnglish } from 'parse-english';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import remarkRetext from 'remark-retext';
import retextIndefiniteArticle from 'retext-indefinite-article';
import retextRepeatedWords from 'retext-repeated-words';
import { type Plugin, unified } from 'unified';
import { SKIP, visit } from 'unist-util-visit';
import { VFile } from 'vfile';
import type { Text } from './texts.ts';

export interface Sentence {
  path: string;
  line: number;
  /** The sentence as text. A code span reads as `…`. */
  text: string;
  words: number;
}

/** Turns tables into paragraphs, one per cell, because retext skips tables. */
const cellsAsParagraphs: Plugin<[], MdastRoot> = () => (tree) => {
  visit(tree, 'table', (table: Table, index = 0, parent) => {
    const cells = table.children.flatMap((row) => row.children);
    const apart = { type: 'paragraph' as const, children: [{ type: 'text' as const, value: '\n\n' }] };
    const paragraphs = cells.flatMap(({ children, position }) => [
      { type: 'paragraph' as const, children, position },
      apart,
    ]);
    parent?.children.splice(index, 1, ...paragraphs);
    return [SKIP, index + paragraphs.length];
  });
};

/** A link's text says where it leads, also for people who hear only a list of links. */
const linkTexts: Plugin<[], MdastRoot> = () => (tree, file) => {
  visit(tree, 'link', (link) => {
    const text = textOf(link as unknown as NlcstRoot).trim();
    if (
      /^(?:here|this|that|it|so|why|how|which|when|what|more|below|above|link|page|on the way|used twice|why \w+|the (?:rest|table|list|page|steps?|order|other))$/i.test(
        text,
      )
    )
      file.message(`"${text}": say where the link leads`, {
        place: link.position,
        ruleId: 'link-text',
        source: 'prose',
      });
  });
};

const parser = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter);
const parsers = { md: parser().freeze(), mdx: parser().use(remarkMdx).freeze() };
const english = unified()
  .use(linkTexts)
  .use(cellsAsParagraphs)
  .use(remarkRetext, ParseEnglish)
  .use(retextRepeatedWords)
  .use(retextIndefiniteArticle)
  .freeze();

/** Returns the sentences of a text, and the findings of retext's own rules. */
export function read({ path, line, text, format }: Text): { sentences: Sentence[]; messages: VFile['messages'] } {
  const file = new VFile({ path, value: text });
  const tree = english.runSync(parsers[format].parse(file), file) as unknown as NlcstRoot;

  const sentences: Sentence[] = [];
  visit(tree, 'SentenceNode', (node) => {
    visit(node, 'SourceNode', (code) => {
      code.value = '`…`';
    });
    const words = textOf(node).replace(/\s+/g, ' ').trim();
    const at = line + (node.position?.start.line ?? 1) - 1;
    const count = words.split(/\s+/).filter((word) => /[\w…]/.test(word)).length;
    if (count > 0) sentences.push({ path, line: at, text: words, words: count });
  });
  return { sentences, messages: file.messages };
}
