import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** A violation of WCAG 2.2 AA, or of a best practice that axe checks. */
export interface Violation {
  colorScheme: 'light' | 'dark';
  id: string;
  html: string;
}

/**
 * Returns what axe finds on a page that already has this color scheme. In light, checks all rules. In dark, checks only
 * the rules about colors, because the elements are the same. `narrow` can limit what axe checks.
 */
export async function violations(
  page: Page,
  colorScheme: 'light' | 'dark',
  narrow: (axe: AxeBuilder) => AxeBuilder = (axe) => axe,
): Promise<Violation[]> {
  const axe = narrow(new AxeBuilder({ page }).options({ resultTypes: ['violations'] })); // twice as fast: doesn't collect what passes
  const { violations } = await (colorScheme === 'light'
    ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    : axe.withRules(['color-contrast', 'link-in-text-block'])
  ).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => ({ colorScheme, id, html })));
}
