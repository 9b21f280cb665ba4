/** The headers that make StackBlitz in place possible and everything else of other sites impossible. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { guideUrl } from '../support/guide.ts';

const wanted = [...readFileSync('public/_headers', 'utf8').matchAll(/^ {2}([\w-]+): (.+)$/gm)].map(
  ([, name, value]) => [name, value],
);

for (const path of ['', 'play/totp-step-up/', 'playground/totp-step-up.json', 'favicon.svg']) {
  test(`/${path} has the headers of public/_headers`, async () => {
    const { headers } = await fetch(guideUrl(path));
    expect(wanted.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'Cross-Origin-Opener-Policy',
        'Cross-Origin-Embedder-Policy',
        'Content-Security-Policy',
        'Permissions-Policy',
      ]),
    );
    expect(wanted.map(([name = '']) => [name, headers.get(name)])).toEqual(wanted);
  });
}
