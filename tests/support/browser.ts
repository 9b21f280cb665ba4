/**
 * Which browser the tests use. As a script (`node tests/support/browser.ts`) it makes sure that there is one, and says which; with a
 * command (`node tests/support/browser.ts node src/diagrams/render.ts`) it then runs that, with CHROME_PATH set.
 *
 * Looked for in this order: CHROME_PATH, Chromium's headless shell, an installed Chrome or Chromium, the one that Playwright keeps. If there
 * is none, Playwright installs one; where that download isn't possible, Debian's package is tried.
 *
 * The headless shell is Chromium without its windows. It shows pages the same, with a third less work, so a Debian container gets it even if
 * it has a Chromium already.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const installed = [
  process.env['CHROME_PATH'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  `${process.env['PROGRAMFILES']}\\Google\\Chrome\\Application\\chrome.exe`,
  `${process.env['LOCALAPPDATA']}\\Google\\Chrome\\Application\\chrome.exe`,
];

/** The path of a Chrome or Chromium on this machine; undefined if there is none. */
export function findBrowser(): string | undefined {
  return [...installed, chromium.executablePath()].find((path) => path !== undefined && existsSync(path));
}

const found = findBrowser();

/** How to start it: no traffic of the browser's own; no sandbox for root, who cannot have one. */
export const launchOptions = {
  ...(found && { executablePath: found }),
  args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
};

function run(command: string): boolean {
  console.log(`> ${command}`);
  return spawnSync(command, { shell: true, stdio: 'inherit' }).status === 0;
}

/** Installs Debian's headless shell. Returns false where that isn't possible: on another system, or without the rights of root. */
function installShell(): boolean {
  const install = 'apt-get install --yes -qq -o Dpkg::Use-Pty=0 --no-install-recommends chromium-headless-shell';
  return (
    existsSync('/etc/debian_version') &&
    process.getuid?.() === 0 &&
    (run(install) || (run('apt-get update -qq') && run(install)))
  );
}

/** Returns the path of a browser, after installing one if need be. Throws with what to do when none can be had. */
function ensureBrowser(): string {
  if (!process.env['CHROME_PATH'] && !existsSync('/usr/bin/chromium-headless-shell')) installShell();
  const path = findBrowser() ?? (run('npx playwright install chromium') ? findBrowser() : undefined);
  if (path) return path;
  throw new Error(
    'No browser for the tests. Install Google Chrome or Chromium, or set CHROME_PATH to the one you have, and run again.',
  );
}

if (import.meta.main) {
  const path = ensureBrowser();
  console.log(`browser: ${path}`);
  const [command, ...args] = process.argv.slice(2);
  if (command) {
    const env = { ...process.env, CHROME_PATH: path };
    process.exitCode = spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1;
  }
}
