/** The configuration from the guide. The app is the example in the folder EXAMPLE, and the browser is the installed one. */
import { resolve } from 'node:path';
import { defineConfig } from '@playwright/test';
import { launchOptions } from '../../support/browser.ts';
import shown from './playwright.config.ts';

const cwd = resolve(process.env['EXAMPLE'] ?? '');

export default defineConfig({
  ...shown,
  use: { ...shown.use, launchOptions },
  webServer: [shown.webServer ?? []].flat().map((server) => ({ ...server, cwd })),
});
