/** What a scenario is, and how to run it. */
import { Client } from './client.ts';
import { type Json, print } from './json.ts';
import { type ProfileName, profiles } from './profiles.ts';
import type { RecordedStep, Recording } from './recording.ts';
import type { Target } from './target.ts';

type Steps = (project: Client) => Promise<void>;

export interface Scenario {
  /** Says what the scenario shows. Its recording has the same name. */
  name: string;
  title: string;
  /** The settings it needs. */
  profile: ProfileName;
  steps: Steps;
}

/** Creates a scenario. `title` is a sentence that says what it shows. */
export function scenario(name: string, title: string, steps: Steps, profile: ProfileName = 'default'): Scenario {
  return { name, title, profile, steps };
}

/** Runs a scenario and returns its steps. Throws if a step fails. */
export async function run(scenario: Scenario, target: Target): Promise<RecordedStep[]> {
  const client = await Client.start(target);
  await scenario.steps(client);
  return client.exchanges;
}

/** The private parts of signing keys, which recordings don't show because anyone could sign with them. */
const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

/** Returns a profile's settings as recordings show them. */
function settingsOf(profile: ProfileName): Json {
  const text = JSON.stringify(profiles[profile].config, (key, value: Json) =>
    privateParts.includes(key) ? undefined : value,
  );
  return JSON.parse(text) as Json;
}

/** Serializes the steps of a scenario as its recording. The same steps always give the same text. */
export function textOf(
  { name, title, profile }: Scenario,
  server: Recording['server'],
  exchanges: RecordedStep[],
): string {
  const recording: Recording = { scenario: name, title, server, settings: settingsOf(profile), exchanges };
  return `${print(recording as unknown as Json)}\n`;
}
