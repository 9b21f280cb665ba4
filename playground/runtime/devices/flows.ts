/**
 * The steps of each flow, as data. Each has the condition that shows it's done. Also here: what a flow has shown at its
 * end, and what the app can't or mustn't tell its users. Names in “quotes” are texts on the screen, so a test can do
 * what a step says.
 */
import { type Account, accountsOf, demoAccounts } from '../cast.ts';
import { keySteps } from './key-steps.ts';
import { afterwards, type Lost, lostEnds, procedure } from './lost.ts';
import { explain, instructions, type Result, type Way } from './ways.ts';

/** A call to Supabase Auth, as Auth's log has it. */
export interface Call {
  method: string;
  path: string;
  refused: boolean;
  code: string | undefined;
  /** The account that the call was about, if Auth found one. */
  user: string | undefined;
}

/** The state of a try, in the flow about what happens to the email. */
export interface Tried {
  /** What the email contains, as the reader has chosen. */
  way: Way | undefined;
  isAsked: boolean;
  /** Whether something has happened to the email. */
  hasHappened: boolean;
  /** Whether another browser is open. */
  isElsewhere: boolean;
  result: Result | undefined;
}

/** What has happened in the browser and in the mailbox. */
export interface Seen {
  /** All calls, oldest first. */
  calls: Call[];
  /** The account that the reader has chosen. */
  chosen: string | undefined;
  /** Whether the newest email to an address was opened. */
  hasOpened: (email: string) => boolean;
  /** Whether the app shows a form for an email address. */
  isAtStart: boolean;
  /** The app's address, and what its page is called. */
  address: string;
  heading: string;
  tried?: Tried | undefined;
  lost?: Lost | undefined;
}

/** A reset under way. */
export interface Run {
  account: Account;
  /**
   * The calls since the app last requested a link, including that request. After a refused link, the calls since the
   * refusal, because it ends a reset.
   */
  calls: Call[];
  /** Whether the reader left the reset before its end. */
  isLeft: boolean;
  isMailOpened: boolean;
  address: string;
  heading: string;
  tried?: Tried | undefined;
  lost?: Lost | undefined;
}

type Fact = (run: Run) => boolean;

export interface Step {
  /** A few words for the list. */
  name: string;
  /** The one thing to do. `{email}` stands for the account. */
  text: string;
  isDone: Fact;
  /** The accounts that have this step. If missing, all of them. */
  isFor?: Fact;
}

/** A sentence that applies if `isTrue` returns true. */
interface Sentence {
  text: string;
  isTrue: Fact;
}

interface Flow {
  steps: Step[];
  /** What the flow has shown at its end. The first one that applies is used. */
  ends: Sentence[];
}

const has =
  (type: 'totp' | 'phone' | 'webauthn'): Fact =>
  ({ account }) =>
    account.factors.some((factor) => factor.type === type && factor.status === 'verified');
const [hasAuthenticator, hasPhone, hasKey] = [has('totp'), has('phone'), has('webauthn')];
const hasTwo: Fact = ({ account }) => account.factors.filter(({ type }) => type === 'totp').length > 1;
const hasMfa: Fact = (run) => hasAuthenticator(run) || hasPhone(run) || hasKey(run);
const always: Fact = () => true;

/** Whether Auth has granted such a call. */
const granted =
  (method: string, path: RegExp): Fact =>
  ({ calls }) =>
    calls.some((call) => call.method === method && path.test(call.path) && !call.refused);

const isNewPassword = ({ method, path }: Call) => method === 'PUT' && path === '/user';
const refusals = ({ calls }: Run) => calls.filter((call) => isNewPassword(call) && call.code === 'insufficient_aal');

const ask: Step = {
  name: 'Ask for a reset link',
  text: "Your app's form has {email} in it. Press “Send reset link”.",
  isDone: ({ calls: [first] }) => first?.path === '/recover' && !first.refused && first.user !== undefined,
};
const openMail: Step = {
  name: 'Open the email',
  text: 'The mailbox has an email. Open “Reset your password”.',
  isDone: ({ isMailOpened }) => isMailOpened,
};
const openLink: Step = {
  name: 'Open its link',
  text: 'Click “Reset password” in the email.',
  isDone: granted('GET', /^\/verify$/),
};
const enterCode: Step = {
  name: 'Enter the code',
  text: 'Your app asks for a code. Press “Type it for me” in the authenticator, then press “Verify”.',
  isDone: granted('POST', /^\/factors\/[^/]+\/verify$/),
  isFor: (run) => hasAuthenticator(run) && !hasTwo(run),
};
const enterCodeOfOne: Step = {
  ...enterCode,
  text: 'Your app asks for the code of one of two authenticators. Press “Type it for me” under the name that the app shows, then press “Verify”.',
  isFor: hasTwo,
};
const sendText: Step = {
  name: 'Ask for a text message',
  text: 'Choose “Send a text message to Mobile”, then press “Continue”.',
  isDone: granted('POST', /^\/factors\/[^/]+\/challenge$/),
  isFor: hasPhone,
};
const enterTextedCode: Step = {
  ...enterCode,
  text: 'The phone has a text message. Press “Type it for me” there, then press “Verify”.',
  isFor: hasPhone,
};
const savePassword: Step = {
  name: 'Choose a new password',
  text: 'Type a password of your choice into “New password”, then press “Save new password”.',
  isDone: granted('PUT', /^\/user$/),
};

const without: Sentence = {
  text: 'The password is changed. This account has no verified second factor, so a session at aal1 was enough.',
  isTrue: (run) => !hasMfa(run),
};
const raised: Sentence = {
  text: 'The password is changed. The code raised the same session from aal1 to aal2, and only then did Auth accept the new password.',
  isTrue: always,
};

/** Whether nothing has stopped the removal of a lost factor. */
const goesOn: Fact = ({ lost }) => !lost?.stoppedBy;
/** Whether the user has asked for a link since the lost factor was removed. */
const isFreed: Fact = (run) =>
  Boolean(run.lost?.isNotified) && ask.isDone(run) && !run.calls.some(({ path }) => path.startsWith('/admin/'));

/** The flows by the name that an example's package.json has. */
const flows: { [name: string]: Flow } = {
  failing: {
    steps: [
      ask,
      openMail,
      openLink,
      { ...savePassword, isFor: (run) => !hasMfa(run) },
      { ...savePassword, name: 'Watch it fail', isDone: (run) => refusals(run).length > 0, isFor: hasMfa },
      {
        name: 'Check the session',
        text: 'Auth refused the new password. Is the session broken? Press “getSession()”.',
        isDone: ({ calls }) => {
          const refused = calls.findIndex(isNewPassword);
          return refused >= 0 && calls.slice(refused).some(({ method, path }) => method === 'GET' && path === '/user');
        },
        isFor: hasMfa,
      },
      {
        name: 'Set the session again',
        text: 'The session is valid. Does it help to set it again? Press “setSession(), then try again”.',
        isDone: (run) => refusals(run).length > 1,
        isFor: hasMfa,
      },
    ],
    ends: [
      without,
      {
        text: "The session is valid, but it's at aal1, and this account has MFA: Auth refuses a new password with 401 insufficient_aal. The same tokens come back with the same level, so setSession() can't help. Only a code can.",
        isTrue: always,
      },
    ],
  },
  totp: { steps: [ask, openMail, openLink, enterCode, enterCodeOfOne, savePassword], ends: [without, raised] },
  phone: {
    steps: [
      ask,
      openMail,
      openLink,
      sendText,
      enterTextedCode,
      { ...enterCode, isFor: (run) => hasAuthenticator(run) && !hasPhone(run) },
      savePassword,
    ],
    ends: [without, raised],
  },
  ssr: {
    steps: [
      ask,
      openMail,
      { ...openLink, isDone: ({ address }) => address.includes('token_hash=') },
      {
        name: 'Use the link',
        text: "Opening the link hasn't used it up. Press “Continue”.",
        isDone: granted('POST', /^\/verify$/),
      },
      enterCode,
      {
        ...sendText,
        text: 'Press “Send a text message to Mobile”.',
        isFor: (run) => hasPhone(run) && !hasAuthenticator(run),
      },
      { ...enterTextedCode, isFor: (run) => hasPhone(run) && !hasAuthenticator(run) },
      savePassword,
    ],
    ends: [without, { ...raised, text: `${raised.text} No script of the page could read it: it stayed in cookies.` }],
  },
  // The bundles that StackBlitz gets for other flows leave out these two.
  ...(keySteps && {
    'security-key': {
      steps: [
        ask,
        openMail,
        openLink,
        { name: 'Touch the key', text: keySteps.touch, isDone: enterCode.isDone, isFor: hasKey },
        savePassword,
        {
          name: 'Sign in with the passkey',
          text: keySteps.signIn,
          isDone: granted('POST', /^\/passkeys\/authentication\/verify$/),
          isFor: hasKey,
        },
        { name: 'Watch it fail', text: keySteps.fail, isDone: (run) => refusals(run).length > 0, isFor: hasKey },
        {
          name: 'Touch the key again',
          text: keySteps.again,
          isDone: (run) => {
            const refused = run.calls.findIndex((call) => isNewPassword(call) && call.refused);
            return refused >= 0 && enterCode.isDone({ ...run, calls: run.calls.slice(refused) });
          },
          isFor: hasKey,
        },
      ],
      ends: [without, { text: keySteps.end, isTrue: always }],
    },
  }),
  ...(instructions && {
    'ways-in': {
      steps: [
        { name: 'Choose the email', text: instructions.choose, isDone: ({ tried }) => tried?.way !== undefined },
        { ...ask, isDone: ({ tried }) => tried?.isAsked ?? false },
        {
          name: 'Let something happen to it',
          text: instructions.happen,
          isDone: ({ tried }) => tried?.hasHappened ?? false,
        },
        ...instructions.uses.map(
          ({ of, isElsewhere, text }): Step => ({
            name: 'Use the email',
            text,
            isDone: ({ tried }) => tried?.result !== undefined,
            isFor: ({ tried }) => of.includes(tried?.way ?? 'implicit') && tried?.isElsewhere === isElsewhere,
          }),
        ),
      ],
      ends: [],
    },
  }),
  ...(procedure && {
    'lost-factor': {
      steps: [
        ask,
        openMail,
        openLink,
        ...procedure.map(
          ({ name, text, shows }): Step => ({
            name,
            text,
            isDone: ({ lost }) => Boolean(lost?.[shows]),
            isFor: (run) => shows === 'isAsked' || goesOn(run),
          }),
        ),
        { name: 'Ask for a new link', text: afterwards.ask, isDone: isFreed, isFor: goesOn },
        {
          ...openLink,
          text: afterwards.link,
          isDone: (run) => isFreed(run) && openLink.isDone(run),
          isFor: goesOn,
        },
        { ...savePassword, isDone: (run) => isFreed(run) && savePassword.isDone(run), isFor: goesOn },
      ],
      ends: [
        { text: lostEnds.objection, isTrue: ({ lost }) => lost?.stoppedBy === 'objection' },
        { text: lostEnds.use, isTrue: ({ lost }) => lost?.stoppedBy === 'use' },
        { text: lostEnds.none, isTrue: always },
      ],
    },
  }),
};

/** What the app can't or mustn't tell its users. The first one that applies is used. */
const hints: Sentence[] = [
  {
    text: "No email comes, because there's no account with that address. The app says the same for every address, so that it tells nobody who has an account. Use {email}.",
    isTrue: ({ calls: [first] }) => first?.path === '/recover' && !first.refused && !first.user,
  },
  {
    text: "Auth sends only so many emails in a short time, so none comes now. The app doesn't say so, because that would tell who has an account. Wait a moment, then ask again.",
    isTrue: ({ calls: [first] }) => first?.code === 'over_email_send_rate_limit',
  },
  {
    text: "That link no longer works: it was used before, or there's a newer email. Ask for a new one.",
    isTrue: ({ calls: [first] }) => first?.path === '/verify',
  },
  { text: 'The app is back at its start, so that reset is over. Ask for a new link.', isTrue: ({ isLeft }) => isLeft },
  {
    text: 'Auth refused that code. The app wants the current code of one device: an authenticator shows a new one every 30 seconds, and of text messages only the newest one works.',
    isTrue: ({ calls }) => calls.findLast(({ method }) => method !== 'GET')?.code === 'mfa_verification_failed',
  },
  {
    text: 'This account has a phone, and no authenticator. The app only takes codes of authenticators, so it stops here. Start over with another account.',
    isTrue: (run) => hasPhone(run) && !hasAuthenticator(run) && /^Another second factor/.test(run.heading),
  },
];

/** Returns the current reset of a flow, from what was seen so far. */
export function findRun(flow: string, { calls, chosen, hasOpened, isAtStart, ...page }: Seen): Run {
  const began = calls.findLastIndex(
    ({ path, refused }) => path === '/recover' || (path === '/verify' && refused && !page.tried),
  );
  const asker = calls.findLast(({ path, user }) => path === '/recover' && user)?.user;
  const email = calls[began]?.user ?? chosen ?? asker ?? accountsOf[flow]?.[0] ?? '';
  const run: Run = {
    ...page,
    account: accountOf(email),
    calls: began < 0 ? [] : calls.slice(began),
    isLeft: false,
    isMailOpened: calls[began]?.user !== undefined && hasOpened(email),
  };
  const isLinkUsed = run.calls.some(({ path, refused }) => path === '/verify' && !refused);
  const isOver = savePassword.isDone(run) || stepsOf(flow, run).every(({ state }) => state === 'done');
  if (page.tried || page.lost?.isAsked || !isAtStart || !isLinkUsed || isOver) return run;
  return { ...run, account: accountOf(chosen ?? email), calls: [], isMailOpened: false, isLeft: true };
}

function accountOf(email: string): Account {
  return demoAccounts.find((known) => known.email === email) ?? { email, password: '', factors: [] };
}

/** Returns the steps of a run. If a later step is done, the steps before it count as done. */
export function stepsOf(flow: string, run: Run): (Step & { state: 'done' | 'now' | 'later' })[] {
  const steps = flows[flow]?.steps.filter(({ isFor = always }) => isFor(run)) ?? [];
  const now = steps.findLastIndex(({ isDone }) => isDone(run)) + 1;
  return steps.map((step, index) => ({
    ...step,
    text: withEmail(step.text, run),
    state: index < now ? 'done' : index === now ? 'now' : 'later',
  }));
}

/** Returns what a run has shown, once all steps are done. */
export function endOf(flow: string, run: Run): string | undefined {
  if (run.tried?.result) return `${explain(run.tried.result)} For the next one, press “Begin this try” again.`;
  return flows[flow]?.ends.find(({ isTrue }) => isTrue(run))?.text;
}

/** Returns what the sandbox says in addition to the step. */
export function hintFor(run: Run): string | undefined {
  const hint = hints.find(({ isTrue }) => isTrue(run));
  return hint && withEmail(hint.text, run);
}

function withEmail(text: string, { account }: Run): string {
  return text.replace('{email}', account.email);
}
