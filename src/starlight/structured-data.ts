/** What a page is, in the words of schema.org, for search engines: read from the page itself, so that it says nothing else. */
import type { CollectionEntry } from 'astro:content';
import type { Nodes, Paragraph, Root } from 'mdast';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { recordedOn } from '../proof/recordings.ts';

const parser = unified().use(remarkParse).use(remarkMdx);

/** What a reader reads of it: links by their words, a level by its name, other components by what's in them. */
function plain(node: Nodes): string {
  if (node.type === 'mdxJsxTextElement' && node.name === 'Aal') {
    return `aal${node.attributes.find((attribute) => 'name' in attribute && attribute.name === 'level')?.value}`;
  }
  if ('children' in node) return node.children.map(plain).join('');
  return node.type === 'text' || node.type === 'inlineCode' ? node.value.replaceAll(/\s+/g, ' ') : '';
}

/** A paragraph without the link at its end that leads to more. */
function statement({ children }: Paragraph): string {
  const said = children.at(-1)?.type === 'link' ? children.slice(0, -1) : children;
  return said.map(plain).join('').trim();
}

/** The questions of a page: its headings that ask, each with the paragraph below. */
function questionsIn({ children }: Root): object[] {
  return children.flatMap((heading, index) => {
    const below = children[index + 1];
    if (heading.type !== 'heading' || !plain(heading).endsWith('?') || below?.type !== 'paragraph') return [];
    return [
      { '@type': 'Question', name: plain(heading), acceptedAnswer: { '@type': 'Answer', text: statement(below) } },
    ];
  });
}

/** The steps of a page: its first numbered list. Throws when it has none. */
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

/** The structured data of a page at `url`. Its front matter says what kind of page it is. */
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
