/** The configuration from the guide. The app is an example, and the browser is the installed one. */
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { launchOptions } from '../../support/browser.ts';
import shown from './playwright.config.ts';

const cwd = join(import.meta.dirname, '../../../playground/examples/totp-step-up');
const [demoProject, app] = [shown.webServer].flat();
if (!demoProject || !app) throw new Error('playwright.config.ts starts the demo project and the app');

export default defineConfig({
  ...shown,
  use: { ...shown.use, launchOptions },
  webServer: [demoProject, { ...app, cwd }],
});
