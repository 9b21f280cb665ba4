import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** What an example's package.json says of it. */
export interface Example {
  /** The name of its folder in playground/examples/. */
  slug: string;
  title: string;
  framework: string;
  /** What it does, whatever its framework: tests/examples has one spec per flow. */
  flow: string;
  /** The page of the guide that explains it, without slashes at its ends. */
  page: string;
}

/** Every example there is, by slug. Tests go through these, so a new one is tested from its first day. */
export const examples: Example[] = globSync('playground/examples/*/package.json')
  .sort()
  .map((path) => ({ ...JSON.parse(readFileSync(path, 'utf8')), slug: basename(dirname(path)) }));
