import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What breaks a rule of WCAG 2.2 AA, or what axe calls best practice. */
export interface Violation {
  colorScheme: 'light' | 'dark';
  id: string;
  html: string;
}

/**
 * What axe finds on a page, which has this color scheme already. In light it holds all rules; in dark those that look at colors, as the
 * elements are the same. `narrow` may set what axe looks at.
 */
export async function violations(
  page: Page,
  colorScheme: 'light' | 'dark',
  narrow: (axe: AxeBuilder) => AxeBuilder = (axe) => axe,
): Promise<Violation[]> {
  const axe = narrow(new AxeBuilder({ page }).options({ resultTypes: ['violations'] })); // half the time: what passes isn't collected
  const { violations } = await (colorScheme === 'light'
    ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    : axe.withRules(['color-contrast', 'link-in-text-block'])
  ).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => ({ colorScheme, id, html })));
}
