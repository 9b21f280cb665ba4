/** Opens an example in StackBlitz. The SDK and the files are fetched on the reader's click; before it, nothing goes to StackBlitz. */
import type { Project, ProjectOptions } from '@stackblitz/sdk';
import { deniedFeatures } from './frame.ts';

/** What an editor needs. */
const allowedFeatures = ['clipboard-read', 'clipboard-write', 'cross-origin-isolated', 'fullscreen']
  .map((feature) => `${feature} https://stackblitz.com`)
  .join('; ');

export interface StackBlitzExample {
  slug: string;
  /** Where `stackBlitzProject()` of this example is served. */
  projectUrl: string;
}

/** Opens the example in a new tab. Rejects when its files cannot be fetched. */
export async function openInStackBlitz(example: StackBlitzExample): Promise<void> {
  const { sdk, project } = await load(example);
  sdk.openProject(project, options(project));
}

/**
 * Opens the example inside `stage`, in place of what was there. Only in a cross-origin isolated page.
 * Resolves to whether StackBlitz has answered: the SDK stops asking after ten seconds, and on a slow line the frame may well fill later.
 * Rejects when the example's files cannot be fetched.
 */
export async function embedStackBlitz(example: StackBlitzExample, stage: HTMLElement, title: string): Promise<boolean> {
  const { sdk, project } = await load(example);
  const placeholder = document.createElement('div');
  stage.replaceChildren(placeholder);
  const answer = sdk.embedProject(placeholder, project, {
    ...options(project),
    crossOriginIsolated: true,
    height: '100%',
    width: '100%', // without it the SDK sets a style attribute, which the Content-Security-Policy refuses
  });
  const frame = stage.querySelector('iframe');
  if (!frame) throw new Error('The StackBlitz SDK has made no frame');
  frame.title = title;
  // The SDK allows all there is. What counts is what stands here when the frame loads.
  frame.allow = `${deniedFeatures}; ${allowedFeatures}`;
  return answer.then(
    () => true,
    () => false,
  );
}

async function load({ projectUrl }: StackBlitzExample) {
  const [{ default: sdk }, response] = await Promise.all([import('@stackblitz/sdk'), fetch(projectUrl)]);
  if (!response.ok) throw new Error(`${projectUrl}: ${response.status} ${response.statusText}`);
  const project: Project = await response.json();
  return { sdk, project };
}

function options({ files }: Project): ProjectOptions {
  const theme = document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
  const openFile = ['src/recovery.ts', 'src/reset.ts'].find((file) => file in files) ?? 'index.html';
  return { openFile, theme };
}
