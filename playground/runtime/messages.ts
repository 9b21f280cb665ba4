/**
 * The messages between a sandbox's frame and the page around it, sent with `postMessage`. A built example accepts messages only from
 * its own origin, and sends only there. An edited app's frame has an opaque origin: the page recognizes it by its window, and it
 * recognizes the page as its `parent`.
 */

/** Where an app calls Supabase Auth. */
export interface CallSite {
  /** The method of supabase-js that it called, such as `updateUser`. */
  called: string;
  /** The app's file, relative to its folder. */
  file: string;
  line: number;
}

/** An answered call of the app to Supabase Auth. `refused` follows from the status or from an error in Auth's log. Status 0: there was no answer. */
export interface TakenCall {
  method: string;
  /** Without `/auth/v1`. */
  path: string;
  status: number;
  refused: boolean;
  /** The error's code, if Auth refused the call. */
  code?: string | undefined;
  /** Found a moment after the rest. */
  site?: CallSite | undefined;
  /** What only the page that made the call knows. Missing for calls of an earlier page. */
  seen?: SeenCall | undefined;
}

/** What a page knows about its own call. Exercises check this. Code that forges it fools only the reader who wrote it. */
export interface SeenCall {
  /** The level of the session that made the call. */
  level: 'aal1' | 'aal2' | 'no session';
  /** The email of the session's user, or the address that was sent without a session. */
  email: string | undefined;
  /** When it was answered, in milliseconds since the epoch, by the devices' clock. */
  at: number;
  /** The names of the fields that were sent, such as `password`. */
  sent: string[];
  /** The app's page a moment after the answer. Missing if the app made another call by then. */
  page?: { text: string; address: string; arrivedAt: string; entriesAdded: number } | undefined;
}

/** A module of an edited app, ready to run: JavaScript, split where the name of an imported module belongs. */
export interface EditedModule {
  path: string;
  parts: string[];
  /** The names that belong between the parts: the path of an earlier module, or the name of a package. */
  imports: string[];
}

/** An app that the reader has edited, ready to run. */
export interface EditedApp {
  /** Its index.html. Only the body is used. */
  html: string;
  styles: string[];
  /** Each module comes after its imports. The last one starts the app. */
  modules: EditedModule[];
}

/** An error of an edited app, and its place if that's known. Lines and columns count from 1. */
export interface Problem {
  message: string;
  path?: string | undefined;
  line?: number | undefined;
  column?: number | undefined;
}

export type Message =
  /** From the frame: it's ready for messages. The page answers with the theme. */
  | { kind: 'ready' }
  /** From the frame, whenever they may have changed: all calls since this page of the app was loaded, oldest first. */
  | { kind: 'calls'; calls: TakenCall[] }
  /** From the frame: the reader has put the demo project back to its start. */
  | { kind: 'startedOver' }
  /** To the frame: the theme that the reader has chosen. */
  | { kind: 'theme'; theme: 'light' | 'dark' }
  /** From the frame of an edited app, each time it loads: it has nothing to run yet. The page answers with the app. */
  | { kind: 'waiting' }
  /** To the frame of an edited app: the app to run. A frame that's already running an app reloads and asks again. */
  | { kind: 'app'; app: EditedApp }
  /** From the frame of an edited app: it received the app. A frame in an endless loop can't send this. */
  | { kind: 'received' }
  /** From the frame of an edited app: all of its modules have run. */
  | { kind: 'running' }
  /** From the frame of an edited app: an error. */
  | { kind: 'problem'; problem: Problem };
