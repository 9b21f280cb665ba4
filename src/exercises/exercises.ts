/**
 * The exercises: how each changes an example, a solution, and the goals that decide when it's solved. Goals look at what happens in
 * the running app, so any code that works is a solution. The tasks are on the page, src/content/docs/exercises.mdx.
 */
import { demoAccounts } from '../../playground/runtime/cast.ts';
import type { TakenCall } from '../../playground/runtime/messages.ts';

/** Replaces the one place in a file of the example that matches. */
export interface Change {
  path: string;
  from: string | RegExp;
  to: string;
}

export interface Goal {
  text: string;
  /** Whether the calls since the app's page was loaded meet the goal. */
  isMet: (calls: TakenCall[]) => boolean;
}

export interface Exercise {
  example: string;
  /** Changes to the example that make the exercise's start. */
  start: Change[];
  /** Changes to the start that solve it. Without them, the example itself is the solution. */
  solution?: Change[];
  /** The same version of the code has to meet all of them. */
  goals: Goal[];
}

/** Another button in the form for the code. */
function inCodeStep(label: string): Change {
  return {
    path: 'index.html',
    from: '<button type="submit">Verify</button>\n',
    to: `<button type="submit">Verify</button>\n        <button type="button" id="extra" class="secondary">${label}</button>\n`,
  };
}

/** The action of that button. */
function onExtraButton(act: string): Change {
  const place = "find(form, '#choice').hidden = options.length === 1;\n";
  return {
    path: 'src/main.ts',
    from: place,
    to: `${place}      find(form, '#extra').addEventListener('click', ${act});\n`,
  };
}

/** The exercises by id. The page uses the same ids. */
export const exercises: { [id: string]: Exercise } = {
  'bring-the-401-back': {
    example: 'totp-step-up',
    start: [],
    solution: [
      {
        path: 'src/step-up.ts',
        from: "needed: hasVerifiedFactor && level.currentLevel !== 'aal2',",
        to: 'needed: false,',
      },
    ],
    goals: [
      {
        text: 'Auth refuses Ada’s new password with 401 insufficient_aal.',
        isMet: (calls) => calls.some((call) => isRefusedForLevel(call) && hasMfa(call)),
      },
    ],
  },

  'repair-the-failing-flow': {
    example: 'reproduce-the-401',
    start: [
      {
        path: 'index.html',
        from: 'autocomplete="new-password" required data-focus>\n        </label>\n',
        to: `autocomplete="new-password" required data-focus>
        </label>
        <label>
          Code from your authenticator
          <input name="code" inputmode="numeric" autocomplete="one-time-code">
        </label>
`,
      },
      {
        path: 'src/main.ts',
        from: "choosePassword(field('password'))",
        to: "choosePassword(field('password'), field('code'))",
      },
      {
        path: 'src/recovery.ts',
        from: 'choosePassword(password: string)',
        to: 'choosePassword(password: string, code: string)',
      },
    ],
    solution: [
      {
        path: 'src/recovery.ts',
        from: '  const { error } = await supabase.auth.updateUser({ password }); // 401 insufficient_aal\n',
        to: `  const { data: factors, error: listError } = await supabase.auth.mfa.listFactors();
  if (listError) throw listError;
  const [factor] = factors.totp; // only verified ones
  if (factor) {
    const { error: codeError } = await supabase.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
    if (codeError) throw codeError;
  }
  const { error } = await supabase.auth.updateUser({ password });
`,
      },
    ],
    goals: [
      {
        text: 'Auth accepts Ada’s new password at aal2, and she keeps her second factor.',
        isMet: (calls) => calls.some((call) => isSaved(call) && hasMfa(call) && isRaised(call)) && keepsFactors(calls),
      },
    ],
  },

  'alan-is-stuck': {
    example: 'totp-step-up',
    start: [
      {
        path: 'src/step-up.ts',
        from: /Only verified factors count\. Asks the server for them,/,
        to: 'Asks the server for the factors,',
      },
      {
        path: 'src/step-up.ts',
        from: "const hasVerifiedFactor = factors.all.some((factor) => factor.status === 'verified');",
        to: 'const hasFactor = factors.all.length > 0;',
      },
      { path: 'src/step-up.ts', from: 'needed: hasVerifiedFactor &&', to: 'needed: hasFactor &&' },
    ],
    goals: [
      {
        text: 'alan@example.com saves a new password, and your app removes nothing from his account.',
        isMet: (calls) => calls.some((call) => isSaved(call) && isOf(call, 'alan@example.com')) && keepsFactors(calls),
      },
      {
        text: 'ada@example.com still has to enter a code first: she saves her password at aal2 without a refusal.',
        isMet: (calls) =>
          calls.some((call) => isSaved(call) && isOf(call, 'ada@example.com') && isRaised(call)) &&
          !calls.some(isRefusedForLevel),
      },
    ],
  },

  'two-tabs': {
    example: 'totp-step-up',
    start: [
      inCodeStep('In another tab: sign out'),
      {
        path: 'src/main.ts',
        from: "import './style.css';",
        to: "import { supabase } from './supabase';\nimport './style.css';",
      },
      onExtraButton(
        "async () => {\n        await supabase.auth.signOut({ scope: 'local' }); // as in another tab: this page isn’t notified\n      }",
      ),
      { path: 'src/session-gone.ts', from: /const codes = new Set[^;]*\);\n\n/, to: '' },
      {
        path: 'src/session-gone.ts',
        from: 'return isAuthSessionMissingError(error) || codes.has(error.code);',
        to: "return error.code === 'session_expired';",
      },
    ],
    solution: [
      {
        path: 'src/session-gone.ts',
        from: "return error.code === 'session_expired';",
        to: "return isAuthSessionMissingError(error) || ['session_expired', 'bad_jwt'].includes(error.code ?? '');",
      },
    ],
    goals: [
      {
        text: 'After the sign-out in the other tab, a code leads Ada back to the form for a new link.',
        isMet: (calls) =>
          calls.some((call) => call.refused && call.seen?.level === 'no session' && showsText(call, 'Send reset link')),
      },
      {
        text: 'A wrong code doesn’t: Ada can type another one.',
        isMet: (calls) =>
          calls.some((call) => call.code === 'mfa_verification_failed' && showsText(call, 'Enter the code')),
      },
    ],
  },

  'the-code-comes-too-late': {
    example: 'totp-step-up',
    start: [
      inCodeStep('Be late: let 6 minutes pass'),
      onExtraButton(`async () => {
        await fetch('/demo-project/advance?by=6m', { method: 'POST' });
        const passed = Number(sessionStorage.getItem('demo-time-passed')) + 360_000;
        sessionStorage.setItem('demo-time-passed', String(passed)); // for the authenticator
      }`),
      {
        path: 'src/recovery.ts',
        from: "return authenticators.length > 0 ? { name: 'code', authenticators } : { name: 'other-factor' };",
        to: `const [factor] = authenticators;
  if (!factor) return { name: 'other-factor' };
  await createChallenge(factor.id);
  return { name: 'code', authenticators };`,
      },
      { path: 'src/recovery.ts', from: 'import { needsStepUp,', to: 'import { createChallenge, needsStepUp,' },
      {
        path: 'src/recovery.ts',
        from: / {4}\/\/ Each try has its own challenge.*\n.*\n {4}await verifyCode[^}]*\}\);\n/,
        to: '    await verifyCode(factorId, code);\n',
      },
      {
        path: 'src/step-up.ts',
        from: "/** Raises the reset link's session to aal2,",
        to: `let challengeId = '';

/** Creates the challenge that the next code answers. Throws the \`AuthError\`. */
export async function createChallenge(factorId: string): Promise<void> {
  const { data, error } = await supabase.auth.mfa.challenge({ factorId });
  if (error) throw error;
  challengeId = data.id;
}

/** Raises the reset link's session to aal2,`,
      },
      {
        path: 'src/step-up.ts',
        from: 'challengeAndVerify({ factorId, code })',
        to: 'verify({ factorId, challengeId, code })',
      },
    ],
    solution: [
      {
        path: 'src/step-up.ts',
        from: 'verify({ factorId, challengeId, code })',
        to: 'challengeAndVerify({ factorId, code })',
      },
    ],
    goals: [
      {
        text: 'A code that Ada enters 6 minutes late gets through at the first try.',
        isMet: (calls) => {
          const known = calls.filter(({ seen }) => seen);
          const verified = known.findIndex(({ path, refused }) => /^\/factors\/[^/]+\/verify$/.test(path) && !refused);
          const minutes = ((known[verified]?.seen?.at ?? 0) - (known[0]?.seen?.at ?? 0)) / 60_000;
          const expired = known.findIndex(({ code }) => code === 'mfa_challenge_expired');
          const wasShown = expired >= 0 && known.slice(expired, verified).some(({ seen }) => seen?.page);
          return verified >= 0 && minutes > 5 && !wasShown;
        },
      },
    ],
  },

  'dont-tell-who-has-an-account': {
    example: 'totp-step-up',
    start: [
      {
        path: 'src/link.ts',
        from: / {2}\/\/ Auth couldn't be reached, [^;]*;\n {2}if \(status === 0 .*\) throw error;\n/,
        to: '  if (error) throw error; // the user should know what went wrong\n',
      },
    ],
    goals: [
      {
        text: 'Your app’s page looks the same after a second request within a second for ada@example.com, and after a request for an address without an account.',
        isMet: (calls) => {
          const requests = calls.filter(({ path, seen }) => path === '/recover' && seen?.page);
          const looks = new Set(requests.map(({ seen }) => seen?.page?.text.replaceAll(/\S+@\S+/g, '')));
          return (
            requests.some((call) => call.code === 'over_email_send_rate_limit') &&
            requests.some((call) => call.seen?.email && !account(call)) &&
            looks.size === 1
          );
        },
      },
    ],
  },

  'stop-the-token-in-the-history': {
    example: 'totp-step-up',
    start: [
      { path: 'src/link.ts', from: /\n\/\/ First remove it from the address.*\n.*\nif .*resetPage\);\n/, to: '' },
    ],
    goals: [
      {
        text: 'Before the password is saved, the link’s tokens are gone from the address, and from the page that Back leads to.',
        isMet: (calls) => {
          const saved = calls.findIndex(isSaved);
          return calls.slice(0, saved < 0 ? undefined : saved).some(({ seen }) => {
            const { arrivedAt = '', address = '', entriesAdded } = seen?.page ?? {};
            return seen?.level !== 'no session' && hasToken(arrivedAt) && !hasToken(address) && entriesAdded === 0;
          });
        },
      },
    ],
  },
};

const account = ({ seen }: TakenCall) => demoAccounts.find(({ email }) => email === seen?.email);
const isOf = ({ seen }: TakenCall, email: string) => seen?.email === email;
const hasMfa = (call: TakenCall) => account(call)?.factors.some(({ status }) => status === 'verified') ?? false;
/** Only a code verified in this same session makes it aal2. */
const isRaised = ({ seen }: TakenCall) => seen?.level === 'aal2';

function isNewPassword({ method, path, seen }: TakenCall): boolean {
  return method === 'PUT' && path === '/user' && (seen?.sent.includes('password') ?? false);
}

function isSaved(call: TakenCall): boolean {
  return isNewPassword(call) && !call.refused;
}

function isRefusedForLevel(call: TakenCall): boolean {
  return isNewPassword(call) && call.code === 'insufficient_aal';
}

function keepsFactors(calls: TakenCall[]): boolean {
  return !calls.some(({ method, path, refused }) => method === 'DELETE' && path.startsWith('/factors/') && !refused);
}

function showsText({ seen }: TakenCall, text: string): boolean {
  return seen?.page?.text.includes(text) ?? false;
}

function hasToken(address: string): boolean {
  return address.includes('access_token=');
}
