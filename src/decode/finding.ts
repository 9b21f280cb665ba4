import type { Page } from '../book/pages.ts';

/** One thing that was recognized in a text. In all texts, what stands between backticks is code. */
export interface Finding {
  title: string;
  /** The color and shape it gets, as everywhere in the guide. */
  state: 'aal1' | 'aal2' | 'refused' | 'none';
  /** What it says: name and meaning, in reading order. */
  says: [name: string, meaning: string | string[]][];
  why: string;
  todo: string;
  /** Pages of this guide that help. */
  links: Page[];
}

/** A value as it came, cut where a reader would stop reading. A backtick of its own becomes the letter that looks like one. */
export function shown(value: unknown): string {
  const text = (typeof value === 'string' ? value : String(JSON.stringify(value))).replaceAll('`', 'ˋ');
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
