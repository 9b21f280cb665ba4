/** Every way to lose the session of a reset while one of its steps is on the screen. */
import { expect, type Page } from '@playwright/test';
import { watchAnswers } from './app.ts';
import type { TestProject } from './project.ts';

interface Loss {
  lose: (page: Page, project: TestProject) => Promise<void>;
  /** The error code of `updateUser()` afterwards. */
  code: string;
  /** Whether the everyday check leaves it out. */
  isNightly: boolean;
  /** The error code of `mfa.challenge()` and `mfa.verify()`, if it differs. */
  mfaCode?: string;
}

/** The key under which the app stores its session. */
const storageKey = (page: Page) =>
  page.evaluate(() => {
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '');
    return keys.find((key) => /^sb-.*-auth-token$/.test(key)) ?? '';
  });

async function end(page: Page, project: TestProject): Promise<void> {
  const kept = await page.evaluate((key) => localStorage.getItem(key), await storageKey(page));
  const { access_token } = JSON.parse(kept ?? '');
  const { error } = await project.client().auth.admin.signOut(access_token, 'local');
  expect(error).toBeNull();
}

const empty = (page: Page) => page.evaluate(() => localStorage.clear());

/** Makes the app's stored access token expire, so that the next call refreshes first. */
async function expire(page: Page): Promise<void> {
  await page.evaluate(
    (key) => {
      const session = JSON.parse(localStorage.getItem(key) ?? '');
      localStorage.setItem(key, JSON.stringify({ ...session, expires_at: 1 }));
    },
    await storageKey(page),
  );
}

/** Fakes a refusal of the refresh that would need a server with other settings, or more time. */
function refused(code: string, message: string): Loss {
  return {
    code,
    isNightly: true,
    lose: async (page) => {
      await expire(page);
      await watchAnswers(page, '/token', { refuse: 1, status: 400, code, message });
    },
  };
}

export const losses: Record<string, Loss> = {
  'ended by the server': { lose: end, code: 'AuthSessionMissingError', isNightly: false },
  'gone from the storage': { lose: empty, code: 'AuthSessionMissingError', mfaCode: 'bad_jwt', isNightly: true },
  'signed out in another tab': {
    lose: async (page, project) => {
      await end(page, project);
      await empty(page);
    },
    code: 'AuthSessionMissingError',
    mfaCode: 'bad_jwt',
    isNightly: true,
  },
  'ended, with an access token that is over': {
    lose: async (page, project) => {
      await end(page, project);
      await expire(page);
    },
    code: 'refresh_token_not_found',
    isNightly: true,
  },
  'over by the time limit of the project': refused('session_expired', 'Invalid Refresh Token: Session Expired'),
  'ended as its refresh token was used twice': refused(
    'refresh_token_already_used',
    'Invalid Refresh Token: Already Used',
  ),
};

/** What the step-up examples then tell the user. */
export const sessionGone =
  'Your session has ended. It took too long, or you ended it in another tab or on another device. Ask for a new link.';
