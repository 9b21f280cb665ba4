import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

// Vite compiles JSX itself. @vitejs/plugin-react takes the guide's Vite 8 for the one that runs here, and the dev server answers 500.
export default defineConfig({ base: './', esbuild: { jsx: 'automatic' }, plugins: [demoProject()] });
