import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

export default defineConfig({ base: './', plugins: [demoProject()] });
