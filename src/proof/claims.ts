/** The claims of the guide: the text before each mark in a page's source. */

export interface Claim {
  /** The text from the previous mark, or from the start of the passage, to this mark, as Markdown. */
  text: string;
  /** The paragraph, item, or row that contains the claim. */
  passage: string;
  /** The recordings that the mark names. */
  scenarios: string[];
  /** The number of headings before it on the page. */
  headings: number;
}

/** Returns the marks in a page's source, in order. */
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

/** Returns a page's headings as plain text, in order. */
export function headingsIn(source: string): string[] {
  const headings = withoutCode(source).matchAll(/^#{1,6} (\d+\. )?(.+)$/gm);
  return [...headings].map(([, number = '', words = '']) => number + plain(words)); // numbers in headings stay
}

function withoutCode(source: string): string {
  return source.replaceAll(/^```.*?^```$/gms, '');
}

/** Returns a claim's last sentence as plain text, for readers. In a table, prefixes it with the row's first cell. */
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

/** Adds dots to a sentence that a mark cuts off. */
function finished(sentence: string): string {
  return sentence.replace(/[,;:(]$/, '…');
}

/** Returns Markdown as plain text: keeps the text of links and leaves out components. */
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
