/** What changed for readers, newest first, for the Changelog page and its feed. Dates are the days of publication. */
export interface Entry {
  /** YYYY-MM-DD. It's also the entry's anchor, so there's at most one entry per day. */
  date: string;
  title: string;
  /** Markdown without headings: what readers can do now, or need to know. */
  changes: string[];
}

export const entries: readonly Entry[] = [
  {
    date: '2026-11-30',
    title: 'Edit, break, and repair the flow in the page',
    changes: [
      'Edit the code of an example beside the app, and watch your version run. No third party is involved.',
      'Seven exercises, each solved by what your code does.',
      'Try every kind of reset email, and break it: with an email scanner, another browser, a newer email, or an hour of waiting.',
      'Touch a security key: it raises a reset session to aal2, and as a passkey it only signs in at aal1.',
      'Follow the lost-factor procedure on both sides: ask as the user, and answer as the administrator, with a clock that moves at a click.',
      'Run the policies in the page: Postgres shows which session can read and change which rows.',
      'Each request shows the method and line that made it, and what it did to the session.',
    ],
  },
  {
    date: '2026-11-29',
    title: 'Plain words, more frameworks, and a package to test with',
    changes: [
      'The flow runs in React, Vue, Svelte, and plain HTML, next to plain TypeScript.',
      'The demo project is an npm package with fixtures for Vitest and Playwright.',
      'The pages are rewritten in plain English, with a glossary.',
      'Search finds pages by the words that people type, and offers Decode for what you paste.',
      'Every page is there as Markdown, with a brief for coding agents.',
    ],
  },
  {
    date: '2026-11-25',
    title: 'Every statement checked again',
    changes: [
      'Access tokens of ended sessions stay valid until they expire. The pages now say so, and what to do where that is too long.',
      'The lost-factor procedure waits until old access tokens have expired, and removes unverified factors of every type.',
      'The examples keep tokens out of the browser history, and offer a new link wherever a session is gone.',
      'Ready-made patches for the official docs, where there were only texts to paste.',
    ],
  },
  {
    date: '2026-11-24',
    title: 'First edition',
    changes: [
      'The guide, three examples to run in the page, and recordings of Supabase Auth v2.196.0 behind every claim.',
    ],
  },
];
