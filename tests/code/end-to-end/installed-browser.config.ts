/** The configuration that the guide shows, with an example as the app and the browser that this machine has. */
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
