import type { Page } from './pages.ts';

/** An error as Decode knows it. If no message matches, the first entry with the code applies. */
export interface KnownError {
  code: string;
  /** The messages that this advice is for. "…" replaces what varies. */
  messages: string[];
  cause: string;
  fix: string;
  page?: Page;
}
