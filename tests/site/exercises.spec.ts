/** The exercises: each is solved as a person would solve it, and what only looks like a solution isn't accepted. */
import { expect, type FrameLocator, type Locator, type Page, test } from '@playwright/test';
import { violations } from '../support/axe.ts';
import { Editing, openLink } from '../support/editing.ts';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';

/** An exercise whose app is running. */
class Solving extends Editing {
  readonly exercise: Locator;
  readonly solved: Locator;

  static async start(page: Page, id: string): Promise<Solving> {
    await page.goto(guideUrl('exercises/'));
    const solving = new Solving(page, `exercise-${id}`);
    await solving.button('Start').click();
    await expect(solving.said).toHaveText('The example is running as it was.');
    return solving;
  }

  constructor(page: Page, id: string) {
    super(page, id);
    this.exercise = page.locator('demo-exercise').filter({ has: this.box });
    this.solved = this.exercise.getByText('Solved. Compare your code');
  }

  /** The goals that are met, by their place in the list. */
  async met(): Promise<number[]> {
    const goals = await this.box
      .locator('[data-goals] > li')
      .evaluateAll((all) => all.map(({ ariaDescription }) => ariaDescription));
    return goals.flatMap((described, index) => (described === 'done' ? [index] : []));
  }

  /** Types another text over one in a file, and waits until that version runs. */
  async change(file: string, text: string, by: string): Promise<void> {
    await this.tab(file).click();
    await this.#untilLoaded(() => this.replace(text, by));
  }

  /** Undoes all changes, and waits until the app runs as at the start. */
  async undo(): Promise<void> {
    await this.#untilLoaded(() => this.button('Undo my changes').click());
  }

  async startOver(): Promise<void> {
    await this.#untilLoaded(() => this.app.getByRole('button', { name: 'Start over' }).click());
    await expect(this.app.getByRole('button', { name: 'Send reset link' })).toBeVisible();
  }

  /** Does this, and waits for the page of the app that it causes. */
  async #untilLoaded(act: () => Promise<void>): Promise<void> {
    const page = this.app.locator('html');
    await page.evaluate((html) => html.setAttribute('data-old', ''));
    await act();
    await expect(page.and(this.app.locator(':not([data-old])'))).toHaveCount(1);
  }

  /** Goes through a reset. The app has to ask for a code, or not. */
  async reset(email: string, { code }: { code: boolean }): Promise<void> {
    await openLink(this.app, email);
    if (code) await this.enterCode();
    await this.save();
  }

  async enterCode(): Promise<void> {
    await this.app.getByRole('button', { name: 'Type it for me' }).filter({ visible: true }).click();
    await this.app.getByRole('button', { name: 'Verify' }).click();
  }

  async save(password = 'the new password'): Promise<void> {
    await this.app.getByLabel('New password').fill(password);
    await this.app.getByRole('button', { name: 'Save new password' }).click();
  }
}

const changed = (app: FrameLocator) => app.getByRole('heading', { name: 'Your password was changed' });
const refusal = (app: FrameLocator) => app.locator('[data-error-code="insufficient_aal"]');

test(
  '“bring the 401 back” is solved once Auth refuses a new password for lack of aal2, and not by a reset that works',
  nightly,
  async ({ page }) => {
    const solving = await Solving.start(page, 'bring-the-401-back');
    await solving.reset('ada@example.com', { code: true });
    await expect(changed(solving.app)).toBeVisible();
    await solving.startOver();
    await solving.reset('grace@example.com', { code: false });
    await expect(changed(solving.app)).toBeVisible();
    expect(await solving.met()).toEqual([]);
    await solving.startOver();

    await solving.change('step-up.ts', "hasVerifiedFactor && level.currentLevel !== 'aal2'", 'false');
    await solving.reset('ada@example.com', { code: false });
    await expect(solving.solved).toBeVisible();
    expect(await solving.met()).toEqual([0]);
    await expect(solving.exercise.getByText('Auth itself refuses a new password')).toBeVisible();
  },
);

test(
  '“repair the failing flow” wants Ada’s password saved at aal2, with her factor kept',
  nightly,
  async ({ page }) => {
    const solving = await Solving.start(page, 'repair-the-failing-flow');
    const update = 'const { error } = await supabase.auth.updateUser({ password });';
    const stepUp = `const { data } = await supabase.auth.mfa.listFactors();
  const factorId = data!.totp[0]!.id;
  const { error: wrong } = await supabase.auth.mfa.challengeAndVerify({ factorId, code });
  if (wrong) throw wrong;
  `;
    const save = async () => {
      await openLink(solving.app, 'ada@example.com');
      await solving.app.getByRole('button', { name: 'Type it for me' }).filter({ visible: true }).click();
      await solving.save();
    };

    await save();
    await expect(refusal(solving.app)).toBeVisible();
    await solving.startOver();

    await solving.change(
      'recovery.ts',
      update,
      'const { error } = await supabase.auth.updateUser({ data: { password } });',
    );
    await save();
    await expect(changed(solving.app)).toBeVisible();
    await solving.startOver();
    await solving.undo();

    await solving.change(
      'recovery.ts',
      update,
      `${stepUp}await supabase.auth.mfa.unenroll({ factorId });\n  ${update}`,
    );
    await save();
    await expect(changed(solving.app)).toBeVisible();
    await solving.startOver();
    await solving.undo();

    await openLink(solving.app, 'grace@example.com');
    await solving.save();
    await expect(changed(solving.app)).toBeVisible();
    expect(await solving.met()).toEqual([]);
    await solving.startOver();

    await solving.change('recovery.ts', update, stepUp + update);
    await save();
    await expect(solving.solved).toBeVisible();
  },
);

test('“Alan is stuck” wants both: Alan gets through, and Ada is asked for a code', nightly, async ({ page }) => {
  const solving = await Solving.start(page, 'alan-is-stuck');
  await openLink(solving.app, 'alan@example.com');
  await expect(solving.app.getByRole('heading', { name: 'Another second factor is needed' })).toBeVisible();
  await solving.startOver();

  // Asks nobody for a code until Auth refuses.
  await solving.change('step-up.ts', "hasFactor && level.currentLevel !== 'aal2'", 'false');
  await solving.reset('alan@example.com', { code: false });
  await expect.poll(() => solving.met()).toEqual([0]);
  await solving.startOver();
  await solving.reset('ada@example.com', { code: false });
  await solving.enterCode();
  await solving.save('another new password');
  await expect(changed(solving.app)).toBeVisible();
  expect(await solving.met()).toEqual([0]);
  await solving.startOver();

  // Another version: what the one before has done doesn't count.
  await solving.undo();
  expect(await solving.met()).toEqual([]);
  await solving.change('step-up.ts', 'factors.all.length > 0', 'factors.totp.length > 0');
  await solving.reset('ada@example.com', { code: true });
  await expect.poll(() => solving.met()).toEqual([1]);
  await solving.startOver();
  await solving.reset('alan@example.com', { code: false });
  await expect(solving.solved).toBeVisible();
});

/** Asks for a link, and waits for the app's answer. */
async function ask(app: FrameLocator, email: string): Promise<void> {
  const form = app.getByRole('form', { name: 'Forgot your password?' });
  await form.getByLabel('Email').fill(email);
  await form.getByRole('button', { name: 'Send reset link' }).click();
  await expect(form.locator('[role="status"], [role="alert"]').filter({ hasText: /./ })).toHaveCount(1);
}

test(
  '“don’t tell who has an account” wants the same page after too many requests and for an unknown address',
  nightly,
  async ({ page }) => {
    const solving = await Solving.start(page, 'dont-tell-who-has-an-account');
    const askAll = async () => {
      for (const email of ['ada@example.com', 'ada@example.com', 'nobody@example.com']) await ask(solving.app, email);
    };
    await askAll();
    await expect(solving.app.getByRole('region', { name: 'Steps' })).toContainText('no account with that address');

    await solving.change('link.ts', 'if (error) throw error; //', "if (error) return 'We couldn’t send an email.'; //");
    await askAll();
    await expect(solving.app.getByRole('region', { name: 'Steps' })).toContainText('no account with that address');
    expect(await solving.met()).toEqual([]);

    await solving.change('link.ts', 'if (error) return', 'if (error?.status === 0) return');
    await askAll();
    await expect(solving.solved).toBeVisible();
  },
);

test(
  '“stop the token in the history” wants the tokens replaced, not left one step behind',
  nightly,
  async ({ page }) => {
    const solving = await Solving.start(page, 'stop-the-token-in-the-history');
    await solving.reset('ada@example.com', { code: true });
    await expect(changed(solving.app)).toBeVisible();
    await solving.startOver();

    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is code
    const read = 'let link = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);';
    for (const wrong of ["history.pushState(null, '', resetPage);", "location.hash = '';"]) {
      await solving.change('link.ts', read, `${read}\n${wrong}`);
      await openLink(solving.app, 'ada@example.com');
      await expect(solving.app.getByLabel('Code', { exact: true })).toBeVisible();
      await solving.enterCode();
      await expect(solving.app.getByLabel('New password')).toBeVisible();
      expect(await solving.met(), wrong).toEqual([]);
      await solving.startOver();
      await solving.undo();
    }

    await solving.change('link.ts', read, `${read}\nhistory.replaceState(null, '', resetPage);`);
    await openLink(solving.app, 'ada@example.com');
    await expect(solving.solved).toBeVisible();
  },
);

test(
  '“two tabs” wants Ada back at the start after her session has ended, and at the code after a wrong one',
  nightly,
  async ({ page }) => {
    const solving = await Solving.start(page, 'two-tabs');
    const { app } = solving;
    const rule = "return error.code === 'session_expired';";
    const enter = async (code: string) => {
      await app.getByLabel('Code', { exact: true }).fill(code);
      await app.getByRole('button', { name: 'Verify' }).click();
    };
    const signOutElsewhere = async () => {
      await app.getByRole('button', { name: 'In another tab: sign out' }).click();
      await expect(app.getByRole('region', { name: 'Steps' }).getByText('no session')).toBeVisible();
    };
    const start = app.getByRole('button', { name: 'Send reset link' });

    await openLink(app, 'ada@example.com');
    await signOutElsewhere();
    await enter('000000');
    await expect(app.locator('[data-error-code="bad_jwt"]')).toBeVisible();
    expect(await solving.met()).toEqual([]);
    await solving.startOver();

    // Gives up after any error.
    await solving.change('session-gone.ts', rule, 'return true;');
    await openLink(app, 'ada@example.com');
    await enter('000000');
    await expect(start).toBeVisible();
    await solving.startOver();
    await openLink(app, 'ada@example.com');
    await signOutElsewhere();
    await enter('000000');
    await expect.poll(() => solving.met()).toEqual([0]);
    await solving.startOver();
    await solving.undo();

    await solving.change('session-gone.ts', rule, "return error.code === 'bad_jwt';");
    await openLink(app, 'ada@example.com');
    await enter('000000');
    await expect.poll(() => solving.met()).toEqual([1]);
    await signOutElsewhere();
    await enter('000000');
    await expect(start).toBeVisible();
    await expect(solving.solved).toBeVisible();
  },
);

test('“the code comes too late” wants a late code to be accepted at the first try', nightly, async ({ page }) => {
  const solving = await Solving.start(page, 'the-code-comes-too-late');
  const { app } = solving;
  const late = async () => {
    const code = app.getByRole('region', { name: 'Authenticator' }).locator('[data-code]').filter({ visible: true });
    const early = await code.innerText();
    await app.getByRole('button', { name: 'Be late' }).click();
    await expect(code).not.toHaveText(early);
  };
  const refused = app.locator('[data-error-code="mfa_challenge_expired"]');
  const verify = 'supabase.auth.mfa.verify({ factorId, challengeId, code });';

  await openLink(app, 'ada@example.com');
  await solving.enterCode(); // in time
  await expect(app.getByLabel('New password')).toBeVisible();
  await solving.startOver();

  // A new challenge after the refusal: Ada has to type a second code.
  await solving.change('step-up.ts', verify, `${verify}\n  if (error) await createChallenge(factorId);`);
  await openLink(app, 'ada@example.com');
  await late();
  await solving.enterCode();
  await expect(refused).toBeVisible();
  await solving.enterCode();
  await expect(app.getByLabel('New password')).toBeVisible();
  expect(await solving.met()).toEqual([]);
  await solving.startOver();
  await solving.undo();

  await solving.change('step-up.ts', verify, 'supabase.auth.mfa.challengeAndVerify({ factorId, code });');
  await openLink(app, 'ada@example.com');
  await late();
  await solving.enterCode();
  await expect(solving.solved).toBeVisible();
});

test('tasks, hints and solutions can be read without JavaScript', nightly, async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(guideUrl('exercises/'));
  const alan = page.locator('demo-exercise[data-exercise="alan-is-stuck"]');
  await expect(alan.getByText('never finished')).toBeVisible();
  await alan.getByText('Hint').click();
  await expect(alan.getByText('What does a factor’s status say?')).toBeVisible();
  await alan.getByText('A solution').click();
  await expect(alan.locator('pre')).toContainText(
    "const hasVerifiedFactor = factors.all.some((factor) => factor.status === 'verified');",
  );
  await context.close();
});

test(
  'an exercise that is solved is accessible, works with the keyboard, and fits a phone',
  nightly,
  async ({ page }) => {
    await page.goto(guideUrl('exercises/'));
    const solving = new Solving(page, 'exercise-bring-the-401-back');
    await solving.button('Start').press('Enter');
    await expect(solving.said).toHaveText('The example is running as it was.');
    await expect(solving.code).toBeFocused();
    await solving.change('step-up.ts', "hasVerifiedFactor && level.currentLevel !== 'aal2'", 'false');
    await solving.reset('ada@example.com', { code: false });
    await expect(solving.solved).toBeVisible();
    await expect(solving.exercise.getByRole('status').filter({ hasText: 'Solved.' })).toHaveCount(1);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violations(page, colorScheme, (axe) => axe.include('demo-exercise').setLegacyMode())).toEqual([]);
    }
    await page.setViewportSize({ width: 375, height: 667 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    await expect(solving.code).toBeVisible();
    await solving.button('Code').click();
    await expect(solving.app.getByLabel('Code', { exact: true })).toBeVisible();
  },
);
