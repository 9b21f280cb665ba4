import type { Page } from './pages.ts';

/** An error as Decode knows it. The first one with a code is what counts where no message is known. */
export interface KnownError {
  code: string;
  /** The messages that this advice is for; what differs from case to case is "…". */
  messages: string[];
  cause: string;
  fix: string;
  page?: Page;
}
