import type { Page } from '../book/pages.ts';

/** One thing that was recognized in a text. In its texts, backticks mark code. */
export interface Finding {
  title: string;
  /** The color and shape, as everywhere in the guide. */
  state: 'aal1' | 'aal2' | 'refused' | 'none';
  /** Names and their meanings, in reading order. */
  says: [name: string, meaning: string | string[]][];
  why: string;
  todo: string;
  /** Pages of this guide that help. */
  links: Page[];
}

/** Returns a value as text, cut where a reader would stop reading. Its backticks become a similar letter. */
export function shown(value: unknown): string {
  const text = (typeof value === 'string' ? value : String(JSON.stringify(value))).replaceAll('`', 'ˋ');
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
