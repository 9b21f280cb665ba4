/**
 * The ways from the reset email to a session, what can happen on the way, and how it ends. This is the table "What
 * breaks where", for readers to try.
 */

export type Way = 'implicit' | 'pkce' | 'hash' | 'code';
export type Happening = 'scanner' | 'browser' | 'newer' | 'twice' | 'minutes' | 'hour';

interface Email {
  /** What the reader chooses. */
  name: string;
  /** Its column in the table. */
  column: string;
  /** The project's email template. If missing, Supabase's own. */
  content?: string;
}

/** The choices for what the email contains. */
export const ways: { [way in Way]: Email } = {
  implicit: { name: 'Default link', column: 'Implicit link' },
  pkce: { name: 'PKCE link', column: 'PKCE link' },
  hash: {
    name: 'token_hash and a button',
    column: 'token_hash and a button',
    content: `<h2>Reset your password</h2>
<p>Open the page and press the button there. This works once, within an hour.</p>
<p><a href="{{ .SiteURL }}?token_hash={{ .TokenHash }}&type=recovery">Reset password</a></p>`,
  },
  code: {
    name: '6-digit code',
    column: 'Typed code',
    content: `<h2>Reset your password</h2>
<p>Type this code into the app. It works once, within an hour. Never tell anybody the code.</p>
<p>{{ .Token }}</p>`,
  },
};

/** Returns the way that an email uses. */
export function wayOf(html: string): Way {
  if (!html.includes('href=')) return 'code';
  if (html.includes('token_hash=')) return 'hash';
  return html.includes('token=pkce_') ? 'pkce' : 'implicit';
}

/** What can happen, by its row in the table. */
const rows: { [happening in Happening]: string } = {
  scanner: 'An email scanner opens the link first',
  browser: 'Another browser or device',
  newer: 'A newer email was sent',
  twice: 'Used a second time',
  minutes: 'How long it works',
  hour: 'How long it works',
};

const shortNames: { [happening in Happening]: string } = {
  scanner: 'a scanner was first',
  browser: 'another browser',
  newer: 'an older email',
  twice: 'a second time',
  minutes: 'after six minutes',
  hour: 'after an hour',
};

/** A try, and how it ended. */
export interface Result {
  way: Way;
  happened: Happening[];
  works: boolean;
}

/** Why a try ends the way it does. */
interface Reason {
  /** What had happened to the email. If missing, nothing special. */
  after?: Happening;
  ways: Way[];
  works: boolean;
  text: string;
}

const all: Way[] = ['implicit', 'pkce', 'hash', 'code'];

/** Refusals come first. If several things have happened, one that refuses decides. */
const reasons: Reason[] = [
  {
    after: 'scanner',
    ways: ['implicit', 'pkce'],
    works: false,
    text: 'Used up. The scanner opened the link first, and a link works once. Auth answered otp_expired when you opened it.',
  },
  {
    after: 'browser',
    ways: ['pkce'],
    works: false,
    text: "It fails. The code verifier is in the browser that asked for the email, and this browser doesn't have it. Opening the link has used it up all the same.",
  },
  {
    after: 'newer',
    ways: all,
    works: false,
    text: 'Refused with otp_expired. Only the newest email works.',
  },
  {
    after: 'twice',
    ways: all,
    works: false,
    text: 'Refused with otp_expired. It had been used already, and it works once.',
  },
  {
    after: 'minutes',
    ways: ['pkce'],
    works: false,
    text: 'Too old. A PKCE link works for five minutes, counted from the request.',
  },
  { after: 'hour', ways: all, works: false, text: 'Too old. It worked for an hour at most.' },
  {
    after: 'scanner',
    ways: ['hash'],
    works: true,
    text: "It still works. The scanner opened your page, but it didn't press the button, so the token was unused.",
  },
  {
    after: 'scanner',
    ways: ['code'],
    works: true,
    text: 'It still works. The email has no link that a scanner could open.',
  },
  {
    after: 'browser',
    ways: ['implicit'],
    works: true,
    text: 'It works. The tokens come with the link, so it needs nothing that only one browser has.',
  },
  {
    after: 'browser',
    ways: ['hash'],
    works: true,
    text: 'It works. The token_hash is all that Auth needs, so any browser will do.',
  },
  {
    after: 'browser',
    ways: ['code'],
    works: true,
    text: 'It works wherever you type it.',
  },
  {
    after: 'minutes',
    ways: ['implicit', 'hash', 'code'],
    works: true,
    text: 'It still works. It lasts for an hour.',
  },
  {
    ways: ['implicit'],
    works: true,
    text: 'It works. The tokens came behind the # of the address, where a server never sees them.',
  },
  {
    ways: ['pkce'],
    works: true,
    text: 'It works. The link brought a code, and this browser had the code verifier that belongs to it.',
  },
  { ways: ['hash'], works: true, text: 'It works. The token_hash was used when you pressed the button, not before.' },
  { ways: ['code'], works: true, text: 'It works. Auth took the code from the email as it takes a link.' },
  { ways: all, works: false, text: 'Refused. More than one thing went wrong here.' },
];

/** Returns what a try has shown, in words, and the table's cell that says the same. */
export function explain(result: Result): string {
  const { way, happened, works } = result;
  const reason = reasons.find(
    (reason) =>
      reason.works === works && reason.ways.includes(way) && (!reason.after || happened.includes(reason.after)),
  );
  const cell = reason?.after ? ` In the table: row “${rows[reason.after]}”, column “${ways[way].column}”.` : '';
  return `${ways[way].name}: ${reason?.text}${cell}`;
}

/** A try in a few words. */
export function summarize({ way, happened }: Result): string {
  const what = [...new Set(happened)].map((happening) => shortNames[happening]);
  return [ways[way].name, ...what].join(', ');
}

/** The texts of this flow's steps. */
export const instructions: {
  choose: string;
  happen: string;
  uses: { of: Way[]; isElsewhere: boolean; text: string }[];
} = {
  choose:
    'Open “Experiment”. Choose “token_hash and a button”, or another content for the email, then press “Begin this try”.',
  happen: 'Open “Experiment” and press “An email scanner opens it”, or let something else happen to the email.',
  uses: [
    {
      of: ['implicit', 'pkce'],
      isElsewhere: false,
      text: 'Open “Mailbox”, then “Reset your password”, and click “Reset password”.',
    },
    {
      of: ['hash'],
      isElsewhere: false,
      text: 'Open “Mailbox”, then “Reset your password”, and click “Reset password”. Then press “Continue” in your app.',
    },
    {
      of: ['code'],
      isElsewhere: false,
      text: 'Open “My email has a code” in your app. Open “Mailbox”, then “Reset your password”, and press “Type it for me”. Then press “Continue” in your app.',
    },
    {
      of: ['implicit', 'pkce'],
      isElsewhere: true,
      text: 'The link is open in the other browser. Look at what your app says there.',
    },
    { of: ['hash'], isElsewhere: true, text: 'The link is open in the other browser. Press “Continue” there.' },
    {
      of: ['code'],
      isElsewhere: true,
      text: 'In the other browser, open “My email has a code”. Open “Mailbox”, then “Reset your password”, and press “Type it for me”. Then press “Continue” in the other browser.',
    },
  ],
};
