import { defineConfig } from '@playwright/test';

const { SUPABASE_URL = 'http://127.0.0.1:54321', SUPABASE_PUBLISHABLE_KEY = 'any' } = process.env;
const { APP_URL = 'http://localhost:3000' } = process.env;

export default defineConfig({
  testMatch: '*.e2e.ts',
  use: { baseURL: APP_URL },
  webServer: [
    {
      // With your own email, whose link leads to your app.
      command: `npx unofficial-supabase-auth-test-double --port ${new URL(SUPABASE_URL).port} --config supabase/config.toml`,
      url: `${SUPABASE_URL}/auth/v1/health`,
      reuseExistingServer: true, // such as a local Supabase stack
    },
    {
      command: `npm run dev -- --port ${new URL(APP_URL).port}`,
      url: APP_URL,
      env: { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY },
    },
  ],
});
