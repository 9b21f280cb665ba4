/** The configuration that the guide shows, with the example in the folder EXAMPLE as the app, and the browser that this machine has. */
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
