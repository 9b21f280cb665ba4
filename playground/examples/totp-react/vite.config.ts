import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

export default defineConfig({ base: './', plugins: [react(), demoProject()] });
