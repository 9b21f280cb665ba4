/** Opens an example in StackBlitz, or saves the same files as a zip. Nothing is requested before the reader clicks. */
import type { Project, ProjectOptions } from '@stackblitz/sdk';
import { deniedFeatures } from './frame.ts';

/** An example that StackBlitz can open. */
const allowedFeatures = ['clipboard-read', 'clipboard-write', 'cross-origin-isolated', 'fullscreen']
  .map((feature) => `${feature} https://stackblitz.com`)
  .join('; ');

export interface StackBlitzExample {
  slug: string;
  /** The address of this example's `stackBlitzProject()`. */
  projectUrl: string;
}

/** Opens the example in a new tab, with the reader's edits if there are any. Rejects if the files can't be fetched. */
export async function openInStackBlitz(example: StackBlitzExample, edits?: ReadonlyMap<string, string>): Promise<void> {
  const [sdk, project] = await Promise.all([loadSdk(), loadProject(example, edits)]);
  sdk.openProject(project, options(project));
}

/**
 * Replaces the contents of `stage` with the example in StackBlitz. Works only in a cross-origin isolated page. Resolves to whether
 * StackBlitz answered: the SDK stops asking after ten seconds, and on a slow connection the frame can still fill later. Rejects if
 * the example's files can't be fetched.
 */
export async function embedStackBlitz(example: StackBlitzExample, stage: HTMLElement, title: string): Promise<boolean> {
  const [sdk, project] = await Promise.all([loadSdk(), loadProject(example)]);
  const placeholder = document.createElement('div');
  stage.replaceChildren(placeholder);
  const answer = sdk.embedProject(placeholder, project, {
    ...options(project),
    crossOriginIsolated: true,
    height: '100%',
    width: '100%', // otherwise the SDK sets a style attribute, which the Content-Security-Policy blocks
  });
  const frame = stage.querySelector('iframe');
  if (!frame) throw new Error('The StackBlitz SDK has made no frame');
  frame.title = title;
  // The SDK allows every feature. The list that counts is the one set before the frame loads.
  frame.allow = `${deniedFeatures}; ${allowedFeatures}`;
  return answer.then(
    () => true,
    () => false,
  );
}

/** Saves the files that StackBlitz would get as a zip file. */
export async function downloadProject(example: StackBlitzExample, edits: ReadonlyMap<string, string>): Promise<void> {
  const [{ strToU8, zipSync }, { files }] = await Promise.all([import('fflate'), loadProject(example, edits)]);
  const zip = zipSync(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${example.slug}/${path}`, strToU8(text)])),
  );
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([zip], { type: 'application/zip' }));
  link.download = `${example.slug}.zip`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function loadSdk() {
  return (await import('@stackblitz/sdk')).default;
}

async function loadProject({ projectUrl }: StackBlitzExample, edits?: ReadonlyMap<string, string>): Promise<Project> {
  const response = await fetch(projectUrl);
  if (!response.ok) throw new Error(`${projectUrl}: ${response.status} ${response.statusText}`);
  const project: Project = await response.json();
  return { ...project, files: { ...project.files, ...Object.fromEntries(edits ?? []) } };
}

function options({ files }: Project): ProjectOptions {
  const theme = document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
  const openFile = ['src/recovery.ts', 'src/reset.ts'].find((file) => file in files) ?? 'index.html';
  return { openFile, theme };
}
