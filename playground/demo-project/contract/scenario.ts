/** What a scenario is, and how it is run. */
import type { ProfileName } from './profiles.ts';
import { type Exchange, Project } from './project.ts';
import type { Target } from './target.ts';

type Steps = (project: Project) => Promise<void>;

export interface Scenario {
  /** Named after what it shows: also the name of its recording. */
  name: string;
  title: string;
  /** The settings it needs. */
  profile: ProfileName;
  steps: Steps;
}

/** A scenario; `title` is what it shows, as a sentence. */
export function scenario(name: string, title: string, steps: Steps, profile: ProfileName = 'default'): Scenario {
  return { name, title, profile, steps };
}

/** Runs a scenario and returns its exchanges. Throws when a step of it cannot be taken. */
export async function run(scenario: Scenario, target: Target): Promise<Exchange[]> {
  const project = await Project.start(target);
  await scenario.steps(project);
  return project.exchanges;
}
