/**
 * Sets up packaging tests: builds and packs the package, and installs the tarball in an empty folder, with the other
 * packages that its README uses. The README's code is in the folder too. Each block is in the file that its title
 * names.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The absolute path of the tarball. */
    tarball: string;
    /** The absolute path of the folder where the package is installed. */
    consumer: string;
  }
}

const root = join(import.meta.dirname, '..');

/**
 * Runs a program without the environment that npm sets for this repository. Rejects with its output if it exits with
 * anything but 0.
 */
export async function run(command: string, args: string[], cwd: string): Promise<string> {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_|^NODE_|^VITE|^(FORCE_|NO_)COLOR$/.test(name) || /^npm_config_(globalconfig|userconfig|cache)$/.test(name),
  );
  const env = { ...Object.fromEntries(kept), NO_COLOR: '1' };
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 26 });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

/** Returns the README's code blocks that have a title, with that title. */
async function readmeFiles(): Promise<[title: string, code: string][]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const blocks = readme.matchAll(/^```\w+ title="([^"]+)"\n(.*?)^```$/gms);
  return Array.from(blocks, ([, title = '', code = '']) => [title, code]);
}

export default async function setUp(project: TestProject) {
  await run('npm', ['run', 'build'], root);
  const consumer = await mkdtemp(join(tmpdir(), 'consumer-'));
  const [packed] = JSON.parse(await run('npm', ['pack', '--json', join(root, 'dist')], consumer));
  const tarball = join(consumer, packed.filename);
  const { devDependencies } = JSON.parse(await readFile(join(root, '../../package.json'), 'utf8'));
  const shared = ['@playwright/test', '@supabase/supabase-js', '@types/node', 'typescript', 'vitest'];
  const manifest = {
    private: true,
    type: 'module',
    scripts: { dev: 'vite' },
    devDependencies: {
      [packed.name]: `file:${packed.filename}`,
      ...Object.fromEntries(shared.map((name) => [name, devDependencies[name]])),
      msw: '3.0.5',
      vite: '7.3.8',
    },
  };
  await writeFile(join(consumer, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], consumer);
  for (const [title, code] of await readmeFiles()) await writeFile(join(consumer, title), code);
  project.provide('tarball', tarball);
  project.provide('consumer', consumer);
  return () => rm(consumer, { recursive: true });
}
