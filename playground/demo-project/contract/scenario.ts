/** What a scenario is, and how it is run. */
import { Client } from './client.ts';
import { type Json, print } from './json.ts';
import { type ProfileName, profiles } from './profiles.ts';
import type { RecordedStep, Recording } from './recording.ts';
import type { Target } from './target.ts';

type Steps = (project: Client) => Promise<void>;

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

/** Runs a scenario and returns what happened. Throws when a step of it cannot be taken. */
export async function run(scenario: Scenario, target: Target): Promise<RecordedStep[]> {
  const client = await Client.start(target);
  await scenario.steps(client);
  return client.exchanges;
}

/** What is not shown of signing keys: with it anybody can sign. */
const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** The settings of a profile as recordings show them. */
function settingsOf(profile: ProfileName): Json {
  const text = JSON.stringify(profiles[profile].config, (key, value: Json) =>
    privateParts.includes(key) ? undefined : value,
  );
  return JSON.parse(text) as Json;
}

/** Serializes what happened in a scenario as its recording: the same steps give the same text. */
export function textOf(
  { name, title, profile }: Scenario,
  server: Recording['server'],
  exchanges: RecordedStep[],
): string {
  const recording: Recording = { scenario: name, title, server, settings: settingsOf(profile), exchanges };
  return `${print(recording as unknown as Json)}\n`;
}
