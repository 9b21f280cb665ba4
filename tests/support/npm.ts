/**
 * Returns the environment for running npm in another folder: with this machine's settings (registry, cache), but
 * without what the npm that runs the tests sets for this project.
 */
export function npmEnvironment(): NodeJS.ProcessEnv {
  const settings = ['npm_config_globalconfig', 'npm_config_userconfig', 'npm_config_cache'];
  const kept = Object.entries(process.env).filter(([name]) => settings.includes(name) || !name.startsWith('npm_'));
  return Object.fromEntries(kept);
}
