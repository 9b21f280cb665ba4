import { defineConfig } from 'vite';
import { demoProject } from '../demo-project/hosts/vite.ts';

export default defineConfig({ base: './', plugins: [demoProject()] });
