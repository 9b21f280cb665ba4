import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { demoProject } from '../../runtime/vite.ts';

export default defineConfig({ base: './', plugins: [svelte(), demoProject()] });
