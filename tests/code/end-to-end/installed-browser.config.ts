/** The configuration that the guide shows, with the browser that this machine has. */
import { defineConfig } from '@playwright/test';
import { launchOptions } from '../../support/browser.ts';
import shown from './playwright.config.ts';

export default defineConfig(shown, { use: { launchOptions } });
