/** Postgres in the page: the policies of "Keep a recovery session away from data", run with the claims of recorded sessions. */
import { readFileSync, statSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { violations } from '../support/axe.ts';
import { nightly } from '../support/example.ts';
import { guideUrl } from '../support/guide.ts';
import { test } from '../support/open-once.ts';

const lab = (page: Page) => page.locator('policy-lab');
const start = (page: Page) => lab(page).getByRole('button', { name: 'Start Postgres (7 MB)' });
const tasks = (page: Page) => lab(page).getByLabel('Policy or exercise');
const editor = (page: Page) => lab(page).getByLabel('SQL, run as your migrations are');
const status = (page: Page) => lab(page).getByRole('status');

const withoutComments = (sql: string) => sql.replaceAll(/^--.*\n/gm, '');
const file = (name: string) => readFileSync(`tests/sql/${name}.sql`, 'utf8').trimEnd();

async function run(page: Page, sql?: string): Promise<void> {
  if (sql !== undefined) await editor(page).fill(sql);
  await lab(page).getByRole('button', { name: 'Run' }).click();
  await expect(status(page)).not.toHaveText('Running …');
}

/** Which session reaches whose note, a line for each: "Ada, after a reset link aal1: nothing | nothing". */
async function reach(page: Page): Promise<string[]> {
  const rows = lab(page).getByRole('group', { name: 'Which session reaches whose note?' }).locator('tbody tr');
  return rows.evaluateAll((all) =>
    all.map((row) => {
      const [label, ...cells] = [...row.querySelectorAll('label, td')].map(({ textContent }) =>
        textContent.replaceAll(/\s+/g, ' ').trim(),
      );
      return `${label}: ${cells.join(' | ')}`;
    }),
  );
}

/** What each session reaches, in the order of the page: of Ada's note, and of Grace's. */
function reached(
  none: string,
  recovery: string,
  aal2: string,
  removed: string,
  ended: string,
  grace: string,
): string[] {
  return [
    `No session: ${none}`,
    `Ada, after a reset link aal1: ${recovery}`,
    `Ada, after the step-up aal2: ${aal2}`,
    `Ada, after that factor was removed aal2: ${removed}`,
    `Ada, after the session ended aal2: ${ended}`,
    `Grace, who has no factor, after a reset link aal1: ${grace}`,
  ];
}

const nothing = 'nothing | nothing';
const error = 'error | error';
const all = 'read, add, change, delete';
const own = `${all} | nothing`;
const ofGrace = `nothing | ${all}`;

test('a reader starts Postgres, sees what a policy lets through, and solves an exercise', async ({ page }) => {
  await page.goto(guideUrl('protect-data/'));
  await start(page).click();
  await expect(tasks(page)).toBeFocused();
  await expect(tasks(page)).toHaveValue('aal2-for-everyone');
  await expect(editor(page)).toHaveValue(file('aal2-for-everyone'));

  await run(page);
  await expect(status(page)).toHaveText('Ada at aal1: Ada’s note: nothing. Grace’s note: nothing.');
  expect(await reach(page)).toEqual(reached(error, nothing, own, own, own, nothing));
  const answers = lab(page).getByRole('table', { name: 'What Postgres answers: Ada, after a reset link' });
  const refusal = '42501 new row violates row-level security policy "Only at aal2" for table "notes"';
  await expect(answers.locator('tbody td')).toHaveText([
    'no rows, no error',
    'no rows, no error',
    refusal,
    refusal.replace(' "Only at aal2"', ''), // "Own notes" refuses it first
    ...Array(4).fill('no rows, no error'),
  ]);
  await lab(page).getByLabel('Ada, after the step-up').check();
  await expect(
    lab(page)
      .getByRole('table', { name: /^What Postgres answers/ })
      .locator('tbody td'),
  ).toHaveText([
    '1 row',
    'no rows, no error',
    '1 row',
    refusal.replace(' "Only at aal2"', ''),
    '1 row',
    'no rows, no error',
    '1 row',
    'no rows, no error',
  ]);

  await tasks(page).selectOption('The policy that opens the table');
  await run(page);
  await expect(status(page)).toHaveText('Not solved yet. Ada at aal2 can still read Grace’s note.');
  expect((await reach(page))[2]).toBe(`Ada, after the step-up aal2: ${all} | leak: ${all}`);
  const sql = await editor(page).inputValue();
  await run(page, sql.replace('  to authenticated', '  as restrictive\n  to authenticated'));
  await expect(status(page)).toHaveText(/^solved A permissive policy adds rows, no matter who owns them\./);
});

/** The page with Postgres started and a task chosen as it is at first. */
async function choose(opened: Page | Promise<Page>, task: string): Promise<Page> {
  const page = await opened;
  if (await start(page).isVisible()) await start(page).click();
  const option = tasks(page).locator('option', { hasText: task }); // which may be marked as solved
  await tasks(page).selectOption(await option.getAttribute('value'));
  await lab(page).getByRole('button', { name: 'Start over' }).click();
  await lab(page).getByLabel('Ada, after a reset link').check();
  return page;
}

const policies: [task: string, sql: string, reached: string[]][] = [
  ['Only at aal2', file('aal2-for-everyone'), reached(error, nothing, own, own, own, nothing)],
  ['At aal2, if the user has a factor', file('aal2-if-enrolled'), reached(error, nothing, own, own, own, ofGrace)],
  [
    'The grant that opens the table',
    `${withoutComments(file('reads-mfa-factors'))}\n\n${file('grant-on-mfa-factors')}`,
    reached(error, own, own, own, own, ofGrace),
  ],
  [
    'Read freely, change at aal2',
    file('change-at-aal2'),
    reached(error, 'read | nothing', own, own, own, 'nothing | read'),
  ],
  ['Only in a live session at aal2', file('live-session'), reached(error, nothing, own, nothing, nothing, nothing)],
  [
    'A function that passes by every policy',
    file('ways-around'),
    reached(
      'leak: read | leak: read',
      'read | leak: read',
      `${all} | leak: read`,
      `${all} | leak: read`,
      `${all} | leak: read`,
      'leak: read | read',
    ),
  ],
  ['No policy on aal', '-- Your SQL\n', reached(error, own, own, own, own, ofGrace)],
];

for (const [task, sql, expected] of policies) {
  test(`${task}: the SQL is the page's, and each session reaches what it should`, nightly, async ({ openOnce }) => {
    const page = await choose(openOnce('protect-data/'), task);
    await expect(editor(page)).toHaveValue(sql);
    await run(page);
    expect(await reach(page)).toEqual(expected);
  });
}

const guide = withoutComments(file('reads-mfa-factors'));
const atAal2 = withoutComments(file('all-notes-at-aal2'));
const restrictive = file('aal2-for-everyone');

/** Tries at an exercise, and what is wrong with each; undefined for what solves it. */
const tries: [task: string, sql: string, says: string | undefined][] = [
  ['The policy that opens the table', withoutComments(file('permissive')), 'Ada at aal2 can still read Grace’s note.'],
  ['The policy that opens the table', '', 'Ada at aal1 can still read her own note.'],
  [
    'The policy that opens the table',
    restrictive.replace('restrictive', 'restrictive for select'),
    'Ada at aal1 can still add her own note.',
  ],
  ['The policy that opens the table', 'drop policy "Own notes" on notes', 'Ada at aal2 can’t read her own note.'],
  [
    'The policy that opens the table',
    `${restrictive} create policy "All" on notes to authenticated using (true)`,
    'Ada at aal2 can still read Grace’s note.',
  ],
  ['The policy that opens the table', restrictive, undefined],
  [
    'The policy from the official guide',
    guide,
    'Ada at aal2 can’t read her own note: 42501 permission denied for table mfa_factors',
  ],
  [
    'The policy from the official guide',
    `${guide} grant select on auth.mfa_factors to authenticated`,
    'Ada at aal1 can still read her own note.',
  ],
  ['The policy from the official guide', restrictive, 'Grace at aal1 can’t read her own note.'],
  ['The policy from the official guide', file('aal2-if-enrolled'), undefined],
  [
    'The function that forgets the owner',
    atAal2.replace(' where user_id = (select auth.uid())', ''),
    'Ada at aal2 can still read Grace’s note.',
  ],
  [
    'The function that forgets the owner',
    atAal2.replace("is distinct from 'aal2'", 'is null'),
    'Ada at aal1 can still read her own note.',
  ],
  ['The function that forgets the owner', atAal2, undefined],
  [
    'The function that forgets the owner',
    atAal2.replace(' where user_id = (select auth.uid())', '').replace('definer', 'invoker'),
    undefined,
  ],
];

for (const [index, [task, sql, says]] of tries.entries()) {
  test(`${task}, try ${index + 1}: ${says ?? 'solved'}`, nightly, async ({ openOnce }) => {
    const page = await choose(openOnce('protect-data/'), task);
    await run(page, sql);
    if (says) await expect(status(page)).toHaveText(`Not solved yet. ${says}`);
    else await expect(status(page)).toHaveText(/^solved \w.+\.$/);
    await expect(tasks(page).locator('option:checked')).toHaveText(says ? /./ : `${task} (solved)`);
  });
}

for (const task of new Set(tries.map(([task]) => task))) {
  test(`${task}: it has a hint, and its solution solves it`, nightly, async ({ openOnce }) => {
    const page = await choose(openOnce('protect-data/'), task);
    await lab(page).getByText('Hint', { exact: true }).click();
    await expect(lab(page).getByText(/^(Postgres joins|The policy reads|The function runs)/)).toBeVisible();
    await lab(page).getByText('A solution to compare with').click();
    await run(page, await lab(page).locator('details[open] pre').innerText());
    await expect(status(page)).toHaveText(/^solved/);
  });
}

test('an error is shown with its line and its word, and the editor points there', nightly, async ({ openOnce }) => {
  const page = await choose(openOnce('protect-data/'), 'No policy on aal');
  const alert = lab(page).getByRole('alert');
  await run(page, '-- é 𝄞\ncreate policy "x" on notes\n  as restrictiv\n  using (true);');
  await expect(status(page)).toHaveText('Your SQL didn’t run.');
  await expect(alert).toHaveText(
    'Line 3: 42601 unrecognized row security option "restrictiv"\nHint: Only PERMISSIVE or RESTRICTIVE policies are supported currently.\n\n  as restrictiv',
    { useInnerText: true },
  );
  await expect(alert.locator('mark')).toHaveText('restrictiv');
  await expect(editor(page)).toHaveAccessibleDescription(/^Line 3: 42601/);
  await expect(editor(page)).toHaveAttribute('aria-invalid', 'true');
  expect(await editor(page).evaluate(() => getSelection()?.toString())).toBe('');
  await editor(page).focus();
  expect(
    await editor(page).evaluate((field: HTMLTextAreaElement) =>
      field.value.slice(field.selectionStart, field.selectionEnd),
    ),
  ).toBe('restrictiv');

  await run(page, 'alter table auth.mfa_factors disable row level security');
  await expect(alert).toHaveText('42501 must be owner of table mfa_factors');
  await run(page, 'select 1');
  await expect(alert).toBeHidden();
  await expect(editor(page)).toHaveAttribute('aria-invalid', 'false');
});

test('nothing of a run is left for the next one', nightly, async ({ openOnce }) => {
  const page = await choose(openOnce('protect-data/'), 'No policy on aal');
  const untouched = reached(error, own, own, own, own, ofGrace);
  for (const sql of [
    'drop table notes',
    'delete from notes; commit',
    'rollback; drop schema auth cascade',
    'prepare mine as select 1; set search_path = auth',
  ]) {
    await run(page, sql);
    await run(page, 'select 1');
    expect(await reach(page), sql).toEqual(untouched);
  }
  await run(page, 'delete from notes; commit');
  await expect(lab(page).getByRole('alert')).toHaveText(
    'Leave out begin, commit, and rollback: your SQL already runs in a transaction.',
  );
});

const endless = {
  'a query that never ends': 'select count(*) from generate_series(1, 1e12::bigint)',
  'a recursion that never ends': 'with recursive n as (select 1 union all select 1 from n) select count(*) from n',
  'a policy that never ends':
    'create policy "slow" on notes as restrictive using ((select count(*) from generate_series(1, 1e12::bigint)) > 0)',
};

for (const [what, sql] of Object.entries(endless)) {
  test(`${what} can be stopped, and the page is usable all the time`, nightly, async ({ openOnce }) => {
    const page = await choose(openOnce('protect-data/'), 'No policy on aal');
    await editor(page).fill(sql);
    await editor(page).press('Control+Enter');
    await expect(status(page)).toHaveText('Running …');
    await lab(page).getByLabel('Ada, after the step-up').check();
    await lab(page).getByRole('button', { name: 'Stop' }).click();
    await expect(lab(page).getByRole('alert')).toHaveText('Stopped.');
    await expect(lab(page).getByRole('button', { name: 'Run' })).toBeFocused();
    await run(page, 'select 1');
    await expect(status(page)).toHaveText(`Ada at aal2: Ada’s note: ${all}. Grace’s note: nothing.`);
  });
}

test('a query that never ends is stopped after ten seconds', nightly, async ({ page }) => {
  await page.clock.install();
  await page.goto(guideUrl('protect-data/'));
  await start(page).click();
  await editor(page).fill(endless['a query that never ends']);
  await editor(page).press('Control+Enter');
  await expect(status(page)).toHaveText('Running …');
  await page.clock.fastForward(9000);
  await expect(status(page)).toHaveText('Running …');
  await page.clock.fastForward(2000);
  await expect(lab(page).getByRole('alert')).toHaveText('Stopped after 10 seconds: your SQL didn’t come to an end.');
  await run(page, 'select 1');
  await expect(status(page)).toHaveText(`Ada at aal1: Ada’s note: ${all}. Grace’s note: nothing.`);
});

test('each task keeps what the reader wrote, and can start over', nightly, async ({ openOnce }) => {
  const page = await openOnce('protect-data/');
  await choose(page, 'No policy on aal');
  await choose(page, 'Only at aal2');
  await editor(page).fill('select 1');
  await tasks(page).selectOption('No policy on aal');
  await expect(editor(page)).toHaveValue('-- Your SQL\n');
  await tasks(page).selectOption('Only at aal2');
  await expect(editor(page)).toHaveValue('select 1');
  await lab(page).getByRole('button', { name: 'Start over' }).click();
  await expect(editor(page)).toHaveValue(restrictive);
});

test(
  'the chosen session is shown with its answers, and with the claims that were recorded',
  nightly,
  async ({ openOnce }) => {
    const page = await choose(openOnce('protect-data/'), 'Only in a live session at aal2');
    await run(page);
    await lab(page).getByText('The claims of its token').click();
    for (const [label, name, stored, claims] of [
      ['No session', 'A request without a session', 'Auth’s own table has no such session.', { role: 'anon' }],
      ['Ada, after the step-up', 'Ada at aal2', 'In Auth’s own table, this session is at aal2.', { aal: 'aal2' }],
      [
        'Ada, after that factor was removed',
        'Ada with the token of a removed factor',
        'In Auth’s own table, this session is at aal1.',
        { aal: 'aal2' },
      ],
      [
        'Ada, after the session ended',
        'Ada with the token of an ended session',
        'Auth’s own table has no such session.',
        { aal: 'aal2' },
      ],
    ] as const) {
      await lab(page).getByLabel(label).check();
      await expect(status(page)).toHaveText(new RegExp(`^${name}: Ada’s note: `));
      await expect(lab(page).getByText(stored)).toBeVisible();
      expect(JSON.parse(await lab(page).locator('[data-claims]').innerText())).toMatchObject(claims);
    }
    await lab(page).getByText('The claims of its token').click();
  },
);

test(
  'before the click nothing of Postgres is loaded; after it, 7 MB at most, and all from this site',
  nightly,
  async ({ page }) => {
    const asked: string[] = [];
    let bytes = 0;
    page.on('response', async (response) => {
      const { pathname, origin } = new URL(response.url());
      asked.push(origin === new URL(guideUrl()).origin ? pathname : response.url());
      bytes += (await response.body().catch(() => Buffer.alloc(0))).length;
    });
    await page.goto(guideUrl('protect-data/'), { waitUntil: 'networkidle' });
    expect(asked.filter((path) => /postgres|worker|pglite/.test(path))).toEqual([]);
    asked.length = 0;
    bytes = 0;
    await start(page).click();
    await expect(tasks(page)).toBeFocused();
    expect(asked.filter((path) => !/^\/_astro\/[\w.-]+\.js$/.test(path)).sort()).toEqual([
      '/postgres/data.bin',
      '/postgres/database.bin',
      '/postgres/postgres.bin',
    ]);
    expect(bytes).toBeLessThan(7_000_000);
  },
);

test('the download shows its progress, and can be tried again when it fails', nightly, async ({ page }) => {
  await page.goto(guideUrl('protect-data/'));
  await page.route('**/postgres/data.bin', (route) => route.fulfill({ status: 503 }));
  await start(page).click();
  await expect(lab(page).getByText('Postgres didn’t start: /postgres/data.bin answers 503. Try again.')).toBeVisible();
  await page.unroute('**/postgres/data.bin');

  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/postgres/database.bin', async (route) => {
    await promise;
    await route.continue();
  });
  await start(page).click();
  await expect(start(page)).toBeDisabled();
  await expect(lab(page).getByText('Downloading Postgres …')).toBeVisible();
  await expect(lab(page).getByRole('progressbar', { name: 'Download of Postgres' })).toBeVisible();
  const progress = lab(page).locator('progress');
  const share = () => progress.evaluate((bar: HTMLProgressElement) => Math.floor(100 * bar.position));
  const [held = 0, ...others] = ['database', 'data', 'postgres'].map(
    (name) => statSync(`dist/postgres/${name}.bin`).size,
  );
  const rest = others.reduce((sum, size) => sum + size, 0);
  await expect.poll(share).toBe(Math.floor((100 * rest) / (held + rest)));
  resolve();
  await expect(tasks(page)).toBeFocused();
  expect(await share()).toBe(100);
});

test('a reader with a keyboard chooses, edits, runs and reads the verdict', nightly, async ({ page }) => {
  await page.goto(guideUrl('protect-data/'));
  await start(page).focus();
  await page.keyboard.press('Enter');
  await expect(tasks(page)).toBeFocused();
  await page.keyboard.type('The policy that');
  await expect(tasks(page).locator('option:checked')).toHaveText('The policy that opens the table');
  await page.keyboard.press('Tab');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(restrictive);
  await page.keyboard.press('Control+Enter');
  await expect(status(page)).toHaveText(/^solved/);
  const focused = () =>
    page.evaluate(() => {
      const { value, textContent, localName } = document.activeElement as HTMLInputElement;
      return localName === 'input' ? value : textContent.trim();
    });
  const order = [];
  for (let key = 0; key < 6; key++) {
    await page.keyboard.press('Tab');
    order.push(await focused());
  }
  expect(order).toEqual(['Run', 'Start over', 'Hint', 'A solution to compare with', 'recovery', 'evidence']);
});

test('in each state it meets WCAG 2.2 AA in light and dark, and fits a phone', nightly, async ({ page }) => {
  test.slow();
  await page.goto(guideUrl('protect-data/'));
  const states = {
    'not run': () => choose(page, 'The policy from the official guide'),
    'run, with everything open': async () => {
      await run(page);
      for (const summary of await lab(page).locator('summary:visible').all()) await summary.click();
    },
    solved: () => run(page, file('aal2-if-enrolled')),
    'an error': () => run(page, 'create polcy "At aal2, if the user has a factor" on public.notes as restrictive'),
  };
  for (const [state, reachIt] of Object.entries(states)) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await reachIt();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      expect(await violations(page, colorScheme, (axe) => axe.include('policy-lab')), state).toEqual([]);
    }
    await page.setViewportSize({ width: 375, height: 667 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), state).toBe(375);
    const cut = await lab(page)
      .locator('table, pre, section')
      .evaluateAll((all) => all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length);
    expect(cut, state).toBe(0);
    expect(
      await lab(page)
        .locator('td:visible')
        .first()
        .evaluate((cell) => getComputedStyle(cell).display),
    ).toBe('table-cell');
  }
});

test(
  'wide, an exercise is seen whole: task, SQL, verdict and what each session reaches',
  nightly,
  async ({ openOnce }) => {
    const page = await choose(openOnce('protect-data/'), 'The function that forgets the owner');
    await page.setViewportSize({ width: 1280, height: 800 });
    await run(page);
    await tasks(page).evaluate((select) => select.scrollIntoView({ block: 'center' }));
    await lab(page).evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 80));
    for (const part of [tasks(page), editor(page), status(page), lab(page).getByLabel(/^Grace/)])
      await expect(part).toBeInViewport({ ratio: 1 });
  },
);
