/**
 * What a sandbox's frame and the page around it tell each other, by `postMessage`. An example as it was built only hears its own origin, and only
 * speaks to it. The frame of an edited app is of no origin: the page knows it by its window, and it knows the page by `parent`.
 */

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
  /** The error's code, if Auth refused the call. */
  code?: string | undefined;
  /** Found a moment later than the rest. */
  site?: CallSite | undefined;
  /** What only the page knows that made the call; nothing for a call of an earlier page. */
  seen?: SeenCall | undefined;
}

/** What a page knows of a call that it made. An exercise checks this: code that forges it cheats only the reader who wrote it. */
export interface SeenCall {
  /** The level of the session that made the call. */
  level: 'aal1' | 'aal2' | 'no session';
  /** Whose session it was, or the address that was sent without a session. */
  email: string | undefined;
  /** When it was answered, in milliseconds, by the clock of the devices. */
  at: number;
  /** The names of what was sent, such as `password`. */
  sent: string[];
  /** The app's page a moment after the answer. Nothing if the app called again by then. */
  page?: { text: string; address: string; arrivedAt: string; entriesAdded: number } | undefined;
}

/** A module of an edited app, ready to run: plain JavaScript, in parts. Between two parts stands a module that it imports. */
export interface EditedModule {
  path: string;
  parts: string[];
  /** The path of a module before this one, or the name of a package. */
  imports: string[];
}

/** An app that the reader has edited, ready to run. */
export interface EditedApp {
  /** Its index.html, whose body is shown. */
  html: string;
  styles: string[];
  /** Each one after those that it imports. The last one starts the app. */
  modules: EditedModule[];
}

/** What went wrong in an edited app, and where, if that's known. Lines and columns count from 1. */
export interface Problem {
  message: string;
  path?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}

export type Message =
  /** From the frame: it listens from now on. The page answers with the theme. */
  | { kind: 'ready' }
  /** From the frame, each time they may have changed: all calls since this page of the app was loaded, oldest first. */
  | { kind: 'calls'; calls: TakenCall[] }
  /** From the frame: the reader has put the demo project back to its start. */
  | { kind: 'startedOver' }
  /** To the frame: the theme that the reader has chosen. */
  | { kind: 'theme'; theme: 'light' | 'dark' }
  /** From the frame of an edited app, each time it's loaded: it has nothing to run yet. The page answers with the app. */
  | { kind: 'waiting' }
  /** To the frame of an edited app: what to run. If it runs something already, it loads again, and asks again. */
  | { kind: 'app'; app: EditedApp }
  /** From the frame of an edited app, at once: it has got the app. A frame in an endless loop doesn't say this. */
  | { kind: 'received' }
  /** From the frame of an edited app: all of its modules have run. */
  | { kind: 'running' }
  /** From the frame of an edited app: something went wrong in it. */
  | { kind: 'problem'; problem: Problem };
