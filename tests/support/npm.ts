/**
 * The environment for an npm that works in another folder: with the settings of this machine (registry, cache), but without what the
 * npm that runs the tests says of this project.
 */
export function npmEnvironment(): NodeJS.ProcessEnv {
  const settings = ['npm_config_globalconfig', 'npm_config_userconfig', 'npm_config_cache'];
  const kept = Object.entries(process.env).filter(([name]) => settings.includes(name) || !name.startsWith('npm_'));
  return Object.fromEntries(kept);
}

/** The environment without wishes about colors: where they contradict each other, Node writes a warning of its own. */
export function uncolored(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...environment } = process.env;
  return environment;
}
