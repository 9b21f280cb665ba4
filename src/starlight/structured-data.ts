/** A page's schema.org data for search engines. It's read from the page itself, so it can't say anything else. */
import type { CollectionEntry } from 'astro:content';
import type { Nodes, Paragraph, Root } from 'mdast';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { recordedOn } from '../proof/recordings.ts';

const parser = unified().use(remarkParse).use(remarkMdx);

/** Returns what a reader would read: the text of links, the name of a level, and the content of other components. */
function plain(node: Nodes): string {
  if (node.type === 'mdxJsxTextElement' && node.name === 'Aal') {
    return `aal${node.attributes.find((attribute) => 'name' in attribute && attribute.name === 'level')?.value}`;
  }
  if ('children' in node) return node.children.map(plain).join('');
  return node.type === 'text' || node.type === 'inlineCode' ? node.value.replaceAll(/\s+/g, ' ') : '';
}

/** Returns a paragraph without a "read more" link at its end. */
function statement({ children }: Paragraph): string {
  const said = children.at(-1)?.type === 'link' ? children.slice(0, -1) : children;
  return said.map(plain).join('').trim();
}

/** Returns a page's questions: the headings that ask, each with the paragraph below. */
function questionsIn({ children }: Root): object[] {
  return children.flatMap((heading, index) => {
    const below = children[index + 1];
    if (heading.type !== 'heading' || !plain(heading).endsWith('?') || below?.type !== 'paragraph') return [];
    return [
      { '@type': 'Question', name: plain(heading), acceptedAnswer: { '@type': 'Answer', text: statement(below) } },
    ];
  });
}

/** Returns a page's steps: its first numbered list. Throws if it has none. */
function stepsIn(page: Root): object[] {
  const steps: object[] = [];
  visit(page, 'list', (list) => {
    if (!list.ordered || steps.length > 0) return;
    for (const { children } of list.children) {
      const [first] = children;
      if (first?.type === 'paragraph') steps.push({ '@type': 'HowToStep', text: statement(first) });
    }
  });
  if (steps.length === 0) throw new Error('A page of the kind "howto" needs a numbered list: its steps');
  return steps;
}

/** Returns the structured data of a page at `url`. Its front matter says what kind of page it is. */
export function structuredData({ data, body = '' }: CollectionEntry<'docs'>, url: string): object {
  const page = {
    '@context': 'https://schema.org',
    url,
    headline: data.title,
    description: data.description,
    dateModified: recordedOn,
    inLanguage: 'en',
  };
  if (data.kind === 'faq') return { ...page, '@type': 'FAQPage', mainEntity: questionsIn(parser.parse(body)) };
  if (data.kind === 'howto') return { ...page, '@type': 'HowTo', name: data.title, step: stepsIn(parser.parse(body)) };
  return { ...page, '@type': 'TechArticle' };
}
