import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

export default defineConfig({ base: './', plugins: [vue(), demoProject()] });
