import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What an example's package.json says about it. */
export interface Example {
  /** The name of its folder. */
  slug: string;
  title: string;
  framework: string;
  /** What it does, in any framework. tests/examples has one spec per flow. */
  flow: string;
  /** The page of the guide that explains it, without a slash at either end. */
  page: string;
}

/** Every example that `npm ci` installs, by slug. Tests loop over these, so a new example is tested from its first day. */
export const examples: Example[] = read(globSync('playground/examples/*/package.json'));

/** The examples with their own packages, if these are installed. Each runs on only one host. */
export const installedExamples: (Example & { host: 'page' | 'node' })[] = read(
  globSync('playground/own-install/*/package.json').filter((path) => existsSync(join(dirname(path), 'node_modules'))),
);

function read<Manifest extends Example>(manifests: string[]): Manifest[] {
  return manifests.sort().map((path) => ({ ...JSON.parse(readFileSync(path, 'utf8')), slug: basename(dirname(path)) }));
}
