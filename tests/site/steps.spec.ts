/**
 * The steps beside an app: they lead to the end, check themselves off when something happens, and explain what
 * the app deliberately doesn't say.
 */
import { expect, type FrameLocator, type Locator, type Page, test } from '@playwright/test';
import { nightly } from '../support/example.ts';
import { examples } from '../support/examples.ts';
import { guideUrl } from '../support/guide.ts';

type Place = Page | FrameLocator;

const heading = (place: Place) => place.getByRole('region', { name: 'Steps' }).getByRole('heading');
const step = (place: Place) => place.locator('[aria-current="step"]');
const end = (place: Place) => place.locator('.end');
const tab = (place: Place, name: string) => place.getByRole('button', { name: new RegExp(`^${name}(, new)?$`) });

/** Finds the element that has this name on the screen. */
function named(place: Place, name: string): Locator {
  const pressed = place.getByRole('button', { name }).or(place.getByRole('link', { name, exact: true }));
  return pressed
    .or(place.getByLabel(name, { exact: true }))
    .filter({ visible: true })
    .first();
}

/** Does what the current step says until no step is left, and reads nothing else. Returns the steps' names. */
async function follow(place: Place): Promise<string[]> {
  const taken: string[] = [];
  for (;;) {
    await expect(heading(place)).toHaveText(/^(Step \d+ of \d+|All \d+ steps done)$/);
    const position = await heading(place).innerText();
    if (position.startsWith('All')) return taken;
    const [name = '', ...text] = (await step(place).innerText()).split('\n');
    taken.push(name);
    for (const [, label = ''] of text.join(' ').matchAll(/“([^”]+)”/g)) {
      const found = named(place, label);
      if (await found.evaluate((element) => element.matches('input:not([type="radio"])')))
        await found.fill('my new words');
      else await found.click();
    }
    await expect(heading(place)).not.toHaveText(position);
  }
}

/** Starts over with one of the accounts offered at the end. */
async function startOverWith(page: Page, email: string): Promise<void> {
  await end(page).getByRole('button', { name: email }).click();
  await expect(heading(page)).toHaveText(/^Step 1/);
}

const [link, save] = [['Ask for a reset link', 'Open the email', 'Open its link'], 'Choose a new password'];
/** The steps of each flow, and its closing text. */
const journeys: { [flow: string]: { steps: string[]; says: string } } = {
  failing: {
    steps: [...link, 'Watch it fail', 'Check the session', 'Set the session again'],
    says: 'Auth refuses a new password with 401 insufficient_aal',
  },
  totp: { steps: [...link, 'Enter the code', save], says: 'raised the same session from aal1 to aal2' },
  phone: {
    steps: [...link, 'Ask for a text message', 'Enter the code', save],
    says: 'raised the same session from aal1 to aal2',
  },
  'security-key': {
    steps: [...link, 'Touch the key', save, 'Sign in with the passkey', 'Watch it fail', 'Touch the key again'],
    says: 'As a second factor it raised the same session to aal2',
  },
  'ways-in': {
    steps: ['Choose the email', 'Ask for a reset link', 'Let something happen to it', 'Use the email'],
    says: "it didn't press the button",
  },
  'lost-factor': {
    steps: [
      ...link,
      'Ask support',
      'Check who asks',
      'Wait three days',
      'Lock the account',
      'Wait an hour',
      'Remove every factor',
      'Notify the user',
      'Ask for a new link',
      'Open its link',
      save,
    ],
    says: 'Nobody got around the code',
  },
  ssr: { steps: [...link, 'Use the link', 'Enter the code', save], says: 'it stayed in cookies' },
};

for (const { slug, flow, page: explained } of examples) {
  const details = slug === 'totp-step-up' ? {} : nightly;

  test(`${slug}: doing what the current step says leads to the end`, details, async ({ page }) => {
    await page.goto(guideUrl(`${explained}/`));
    const sandbox = page.locator(`demo-sandbox[data-example="${slug}"]`);
    await sandbox.getByRole('button', { name: 'Run here' }).click();
    const frame = sandbox.frameLocator('iframe');
    expect(await follow(frame)).toEqual(journeys[flow]?.steps);
    await expect(end(frame)).toContainText(journeys[flow]?.says ?? '');
    await expect(frame.getByRole('log', { name: 'News' })).toContainText(/All \d+ steps done: /);
  });
}

test(
  'the steps say what the app by right does not, and begin again when a reset is over',
  nightly,
  async ({ page }) => {
    await page.goto(guideUrl('play/totp-step-up/'));
    const email = page.getByRole('form', { name: 'Forgot your password?' }).getByLabel('Email');
    await expect(email).toHaveValue('ada@example.com');
    await email.fill('nobody@example.com');
    await page.getByRole('button', { name: 'Send reset link' }).click();
    await expect(step(page)).toContainText("there's no account with that address");
    await expect(step(page)).toContainText('Use ada@example.com');

    await page.getByRole('button', { name: 'Accounts' }).click();
    await page.getByRole('button', { name: /^katherine@example.com/ }).click();
    await expect(email).toHaveValue('katherine@example.com');
    await expect(page.getByRole('form', { name: 'Sign in' }).getByLabel('Password')).toHaveValue(
      'old-password-katherine',
    );
    await page.getByRole('button', { name: 'Send reset link' }).click();
    const mailbox = page.getByRole('region', { name: 'Mailbox' });
    await mailbox.getByRole('button', { name: 'katherine@example.com' }).click();
    await expect(heading(page)).toHaveText('Step 3 of 5');
    await mailbox.getByRole('link', { name: 'Reset password' }).click();
    await expect(heading(page)).toHaveText('Step 4 of 5');
    await expect(step(page)).toContainText('one of two authenticators');

    // The device that matters is in front. The others show that they have news.
    const authenticator = page.getByRole('region', { name: 'Authenticator' });
    await expect(authenticator.getByRole('group')).toHaveCount(2);
    await expect(mailbox).toBeHidden();
    await expect(tab(page, 'Phone')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Session, new' })).toBeVisible();
    await page.getByLabel('Code', { exact: true }).fill('000000');
    await page.getByRole('button', { name: 'Verify' }).click();
    await expect(step(page)).toContainText('Auth refused that code');

    await page.getByRole('link', { name: 'Start again' }).click();
    await expect(step(page)).toContainText('that reset is over');
    await expect(email).toHaveValue('katherine@example.com');
    await tab(page, 'Mailbox').click();
    await mailbox.getByRole('button', { name: 'katherine@example.com' }).click();
    await mailbox.getByRole('link', { name: 'Reset password' }).click();
    await expect(step(page)).toContainText('That link no longer works');
    await expect(heading(page)).toHaveText('Step 1 of 5');

    await page.getByRole('button', { name: 'Start over', exact: true }).click();
    await expect(email).toHaveValue('ada@example.com');
    await expect(step(page)).toHaveText(/^Ask for a reset link\s*Your app's form has ada@example.com in it/);
  },
);

test('each account has the steps that it needs', nightly, async ({ page }) => {
  await page.goto(guideUrl('play/totp-step-up/'));
  await follow(page);
  await startOverWith(page, 'grace@example.com');
  expect(await follow(page)).toEqual([...link, save]);
  await expect(end(page)).toContainText('no verified second factor');
  await startOverWith(page, 'katherine@example.com');
  expect(await follow(page)).toEqual([...link, 'Enter the code', save]);
  await startOverWith(page, 'alan@example.com');
  expect(await follow(page)).toEqual([...link, save]);

  // The steps say which account has factors that the app can't use.
  await page.getByRole('link', { name: 'Sign in with the new password' }).click();
  await page.getByRole('form', { name: 'Forgot your password?' }).getByLabel('Email').fill('radia@example.com');
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await named(page, 'Reset your password to radia@example.com').click();
  await named(page, 'Reset password').click();
  await expect(step(page)).toContainText('The app only takes codes of authenticators, so it stops here');

  await page.goto(guideUrl('play/phone-step-up/'));
  await follow(page);
  await startOverWith(page, 'dorothy@example.com');
  expect(await follow(page)).toEqual(journeys['phone']?.steps);
  await page.goto(guideUrl('play/ssr/'));
  await follow(page);
  await startOverWith(page, 'radia@example.com');
  expect(await follow(page)).toEqual([...link, 'Use the link', 'Ask for a text message', 'Enter the code', save]);
});

test('on a phone one part shows at a time, and the next one is marked', nightly, async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 560 });
  await page.goto(guideUrl('play/totp-step-up/'));
  const form = page.getByRole('form', { name: 'Forgot your password?' });
  await expect(step(page)).toContainText('Send reset link');
  await form.getByRole('button', { name: 'Send reset link' }).click();
  const mailbox = page.getByRole('region', { name: 'Mailbox' });
  await expect(mailbox).toBeHidden();
  await page.getByRole('button', { name: 'Mailbox, new' }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole('button', { name: 'Mailbox', exact: true })).toHaveAttribute('aria-expanded', 'true');
  await mailbox.getByRole('button', { name: 'ada@example.com' }).click();
  await mailbox.getByRole('link', { name: 'Reset password' }).click();
  const code = page.getByLabel('Code', { exact: true });
  await expect(code).toBeFocused();
  await page.getByRole('button', { name: 'Authenticator, new' }).click();
  await expect(code).toBeHidden();
  await page.getByRole('button', { name: 'Type it for me' }).click();
  await expect(code).toHaveValue(/^\d{6}$/);
  await expect(code).toBeFocused();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
});
