/** What a sandbox's frame and the page around it tell each other, by `postMessage`, and only to their own origin. */

/** Where an app calls Supabase Auth. */
export interface CallSite {
  /** The method of supabase-js that it called, such as `updateUser`. */
  called: string;
  /** The app's file, as its folder has it. */
  file: string;
  line: number;
}

/** A call of the app to Supabase Auth, once it's answered. `refused`: by its status, or by the error that Auth wrote to its log. Status 0: no answer. */
export interface TakenCall {
  method: string;
  /** Without `/auth/v1`. */
  path: string;
  status: number;
  refused: boolean;
  /** Found a moment later than the rest. */
  site?: CallSite | undefined;
}

export type Message =
  /** From the frame: it listens from now on. The page answers with the theme. */
  | { kind: 'ready' }
  /** From the frame, each time they may have changed: all calls since this page of the app was loaded, oldest first. */
  | { kind: 'calls'; calls: TakenCall[] }
  /** To the frame: the theme that the reader has chosen. */
  | { kind: 'theme'; theme: 'light' | 'dark' };
