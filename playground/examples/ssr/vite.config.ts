import { defineConfig } from 'vite';
import { readConfig, serverApp } from '../../runtime/server.ts';
import { demoProject } from '../../runtime/vite.ts';

const config = readConfig(`${import.meta.dirname}/supabase/config.toml`);

export default defineConfig({ plugins: [demoProject({ config }), serverApp('src/server.ts', { config })] });
