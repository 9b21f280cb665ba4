/**
 * `npm run test:all` runs `npm test` and everything that it leaves out: rare cases, every example on every host (also
 * the examples with their own packages), the guide under a base path, an example that's copied out, a Playwright
 * project inside a test, the demo project packed and installed in an empty folder, and the files of each framework's
 * page in a new app. If SUPABASE_URL is set, the examples then run on that project too.
 *
 * Continues after a failure, so that one night reports everything. Exits with code 1 if anything failed.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const { SUPABASE_URL, ...withoutProject } = process.env;
const playwright = 'npx playwright test -c tests';

const failed: string[] = [];

/** Runs a command in a shell and shows its output. Returns whether it succeeded. */
function run(command: string, env: NodeJS.ProcessEnv): boolean {
  console.log(`\n> ${command}`);
  const passed = spawnSync(command, { shell: true, stdio: 'inherit', env }).status === 0;
  if (!passed) failed.push(command);
  return passed;
}

for (const folder of globSync('playground/own-install/*/')) {
  run(`npm ci --prefix ${folder}`, withoutProject); // so that the build and the tests include this example
  run(`npm run check --prefix ${folder} --if-present`, withoutProject);
}
run('npm run check', withoutProject);
run('npm run check --workspaces --if-present', withoutProject); // each with the TypeScript that it declares
run('npm run build --workspaces --if-present', withoutProject); // each with the Vite that it declares
run('npm run scaffolds', withoutProject);
run('npm test --workspaces --if-present', { ...withoutProject, TEST_ALL: '1' });
run('npm run test:packaging --workspaces --if-present', withoutProject);
if (run('npm run build', withoutProject) && run('node tests/support/browser.ts', withoutProject)) {
  run(playwright, { ...withoutProject, TEST_ALL: '1' });
  if (SUPABASE_URL) run(playwright, process.env);
}

console.log(
  failed.length === 0 ? '\nEverything passed.' : `\nFailed:\n${failed.map((line) => `  ${line}`).join('\n')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
