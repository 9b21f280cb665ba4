import { defineConfig } from '@playwright/test';

const { SUPABASE_URL = 'http://127.0.0.1:54321', SUPABASE_PUBLISHABLE_KEY = 'any', APP_URL } = process.env;
const app = new URL(APP_URL ?? 'http://localhost:5173');

export default defineConfig({
  testMatch: '*.e2e.ts',
  use: { baseURL: app.href },
  webServer: [
    {
      command: 'npm run demo-project',
      cwd: '../../..',
      env: { PORT: new URL(SUPABASE_URL).port },
      url: `${SUPABASE_URL}/auth/v1/health`,
      reuseExistingServer: true, // such as a local Supabase stack
    },
    {
      command: `npm run dev -w playground/examples/totp-step-up -- --port ${app.port} --strictPort`,
      cwd: '../../..',
      env: { VITE_SUPABASE_URL: SUPABASE_URL, VITE_SUPABASE_PUBLISHABLE_KEY: SUPABASE_PUBLISHABLE_KEY },
      url: app.href,
    },
  ],
});
