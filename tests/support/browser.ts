/**
 * Finds the browser for the tests. As a script, `node tests/support/browser.ts` makes sure that there is one, and
 * prints it. With a command, such as `node tests/support/browser.ts node src/diagrams/render.ts`, it then runs
 * the command with CHROME_PATH set.
 *
 * Looks in this order: CHROME_PATH, Chromium's headless shell, an installed Chrome or Chromium, Playwright's own
 * browser. If there's none, it has Playwright install one. If that download fails, it tries Debian's package.
 *
 * The headless shell is Chromium without windows. It renders pages the same way with a third less work, so a Debian
 * container gets it even if it has Chromium.
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

/** Returns the path of a Chrome or Chromium on this machine, or undefined if there's none. */
export function findBrowser(): string | undefined {
  return [...installed, chromium.executablePath()].find((path) => path !== undefined && existsSync(path));
}

const found = findBrowser();

/** How to start the browser: without traffic of its own, and without a sandbox for root, who can't have one. */
export const launchOptions = {
  ...(found && { executablePath: found }),
  args: ['--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
};

function run(command: string): boolean {
  console.log(`> ${command}`);
  return spawnSync(command, { shell: true, stdio: 'inherit' }).status === 0;
}

/** Installs Debian's headless shell. Returns false if that isn't possible: on another system, or without root. */
function installShell(): boolean {
  const install = 'apt-get install --yes -qq -o Dpkg::Use-Pty=0 --no-install-recommends chromium-headless-shell';
  return (
    existsSync('/etc/debian_version') &&
    process.getuid?.() === 0 &&
    (run(install) || (run('apt-get update -qq') && run(install)))
  );
}

/** Returns the path of a browser, and installs one if needed. If it can't, throws an error that says what to do. */
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
