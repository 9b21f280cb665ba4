import { defineConfig } from '@playwright/test';

const { SUPABASE_URL = 'http://127.0.0.1:54321', SUPABASE_PUBLISHABLE_KEY = 'any' } = process.env;
const { APP_URL = 'http://localhost:5173' } = process.env;

export default defineConfig({
  testMatch: '*.e2e.ts',
  use: { baseURL: APP_URL },
  webServer: [
    {
      command: `npx unofficial-supabase-auth-test-double --port ${new URL(SUPABASE_URL).port}`,
      url: `${SUPABASE_URL}/auth/v1/health`,
      reuseExistingServer: true, // such as a local Supabase stack
    },
    {
      command: `npm run dev -- --port ${new URL(APP_URL).port} --strictPort`,
      url: APP_URL,
      env: { VITE_SUPABASE_URL: SUPABASE_URL, VITE_SUPABASE_PUBLISHABLE_KEY: SUPABASE_PUBLISHABLE_KEY },
    },
  ],
});
