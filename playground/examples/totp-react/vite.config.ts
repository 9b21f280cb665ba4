import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

// Vite compiles JSX itself. @vitejs/plugin-react would keep state across edits, but it takes the newest Vite it finds for the one that runs,
// and in this repository that's the guide's Vite 8: its dev server then answers 500 (`Missing field moduleType`).
export default defineConfig({ base: './', esbuild: { jsx: 'automatic' }, plugins: [demoProject()] });
