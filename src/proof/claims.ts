/** The claims of the guide: what stands before each mark in the source of a page. */

export interface Claim {
  /** What stands before the mark, from the mark before it or the start of the passage; with its Markdown. */
  text: string;
  /** The paragraph, item or row that the claim is in. */
  passage: string;
  /** The recordings that the mark names. */
  scenarios: string[];
  /** How many headings stand before it on the page. */
  headings: number;
}

/** The marks in the source of a page, in their order. */
export function claimsIn(source: string): Claim[] {
  let headings = 0;
  return withoutCode(source)
    .split(/\n(?:\n|(?=\s*(?:- |\d+\. |\| )))/)
    .flatMap((passage) => {
      headings += passage.match(/^#{1,6} /gm)?.length ?? 0;
      const [, ...marks] = passage.split('<Proof ');
      const texts = passage.split(/<Proof [^>]*\/>/);
      return marks.map((mark, index) => ({
        text: texts[index] ?? '',
        passage,
        scenarios: (/scenario="([^"]*)"/.exec(mark)?.[1] ?? '').trim().split(/\s+/),
        headings,
      }));
    });
}

/** The headings of a page as plain text, in their order. */
export function headingsIn(source: string): string[] {
  const headings = withoutCode(source).matchAll(/^#{1,6} (\d+\. )?(.+)$/gm);
  return [...headings].map(([, number = '', words = '']) => number + plain(words)); // a heading keeps its number
}

function withoutCode(source: string): string {
  return source.replaceAll(/^```.*?^```$/gms, '');
}

/** The last sentence of a claim as plain text, for readers. In a table, the first cell of its row stands before it. */
export function sentenceOf({ text, passage }: Pick<Claim, 'text' | 'passage'>): string {
  const sentences = (some: string) => plain(some).split(/(?<=[.:?!])\s+(?=\p{Lu}|\d)/u);
  if (passage.startsWith('| ')) {
    const [label = '', ...cells] = cellsOf(passage).map(plain);
    const before = cellsOf(text);
    const isInLabel = text.startsWith('| ') && before.length === 1;
    const last = sentences((isInLabel ? cells[0] : before.at(-1)) ?? '').at(-1) ?? '';
    return finished(`${label}${/[?:]$/.test(label) ? '' : ':'} ${last}`);
  }
  const last = sentences(text).at(-1) ?? '';
  return finished(last.length > 3 ? last : (sentences(passage).at(0) ?? ''));
}

function cellsOf(row: string): string[] {
  return row.split('|').filter((cell) => cell.trim() !== '');
}

/** A sentence that a mark cuts short ends with dots. */
function finished(sentence: string): string {
  return sentence.replace(/[,;:(]$/, '…');
}

/** Markdown as plain text: links by their words, components left out. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/<Aal level="(\d)" \/>/g, 'aal$1')
    .replaceAll(/<(Works|Refused) \/>/g, (_, name: string) => name.toLowerCase())
    .replaceAll(/<\/(?:Works|Refused)>\s+(?=\p{Lu})/gu, '. ')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/^\s*(?:- |\d+\. |\| )|[`*]/g, '')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s,.;]+/, '')
    .trim();
}
