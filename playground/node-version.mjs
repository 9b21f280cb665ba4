/** Says in one sentence what to do when this Node can't run TypeScript. Plain JavaScript: any Node runs it. */
if (!process.features.typescript) {
  console.error(
    `Node ${process.versions.node} is too old: this needs Node 22.18 or later. Run "npm ci" without --omit=optional, which installs one for this project, or install one from https://nodejs.org.`,
  );
  process.exit(1);
}
