import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

// Vite compiles JSX itself. @vitejs/plugin-react mistakes the guide's Vite 8 for the version here,
// and the dev server answers 500.
export default defineConfig({ base: './', esbuild: { jsx: 'automatic' }, plugins: [demoProject()] });
