import { demoProject } from 'unofficial-supabase-auth-test-double/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [demoProject({ seed: [{ email: 'ada@example.com', password: 'the password' }] })],
});
