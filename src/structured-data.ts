/** What a page is, in the words of schema.org, for search engines: read from the page itself, so that it says nothing else. */
import type { CollectionEntry } from 'astro:content';
import { recordedOn } from './proof/recordings.ts';

interface Step {
  name: string;
  text: string;
}

/** Markdown as plain text: links by their words, components left out. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/<Aal level="(\d)" \/>/g, 'aal$1')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** A line as plain text, but for the link at its end that leads to more. */
function statement(line: string): string {
  return plain(line.replace(/ \[[^\]]+\]\([^)]*\)$/, ''));
}

/** The questions of a page: its headings that ask, each with the paragraph below. */
function questionsIn(body: string): Step[] {
  const found = body.matchAll(/^### (.+\?)\n\n(.+)$/gm);
  return [...found].map(([, name = '', text = '']) => ({ name: plain(name), text: statement(text) }));
}

/** The steps of a page: its first numbered list. */
function stepsIn(body: string): string[] {
  const [list = ''] = /(?:^\d+\. .+\n)+/m.exec(body) ?? [];
  return [...list.matchAll(/^\d+\. (.+)$/gm)].map(([, text = '']) => statement(text));
}

/** The structured data of a page at `url`. */
export function structuredData({ id, data, body = '' }: CollectionEntry<'docs'>, url: string): object {
  const page = {
    '@context': 'https://schema.org',
    url,
    headline: data.title,
    description: data.description,
    dateModified: recordedOn,
    inLanguage: 'en',
  };
  if (id === 'questions')
    return {
      ...page,
      '@type': 'FAQPage',
      mainEntity: questionsIn(body).map(({ name, text }) => ({
        '@type': 'Question',
        name,
        acceptedAnswer: { '@type': 'Answer', text },
      })),
    };
  if (id === 'reset-a-password-with-mfa')
    return {
      ...page,
      '@type': 'HowTo',
      name: data.title,
      step: stepsIn(body).map((text) => ({ '@type': 'HowToStep', text })),
    };
  return { ...page, '@type': 'TechArticle' };
}
