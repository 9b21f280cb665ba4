/**
 * Runs an app that the reader has edited, in a page that `for-editing.ts` makes. Its frame is sandboxed with an opaque origin, so the
 * app can't reach the guide or anything that the guide's origin stores. This script runs after host `page` and the devices.
 *
 * The guide has compiled the app. Here, each module becomes a `blob:` URL, which no other page of the site may run.
 */
import type { EditedApp, Message } from './messages.ts';

/** The URLs of packages by name, relative to this page. */
const packages: Record<string, string> = JSON.parse(document.querySelector('#packages')?.textContent ?? '{}');
/** The paths of modules, by their `blob:` URLs and by their names in stacks, which are the URLs that the files would have in this folder. */
const paths = new Map<string, string>();
const moduleAddress = /blob:[^\s()]*[0-9a-f-]{36}/g;
let hasApp = false;
let hasProblem = false;

const tell = (message: Message) => parent.postMessage(message, location.origin);

addEventListener('message', ({ source, origin, data }) => {
  const message: Partial<Message> = Object(data);
  if (source !== parent || origin !== location.origin || message.kind !== 'app' || !message.app) return;
  tell({ kind: 'received' });
  if (hasApp) location.reload();
  else run(message.app);
  hasApp = true;
});
addEventListener('error', ({ message, filename, lineno, colno }) => {
  const path = paths.get(filename);
  tellProblem(message, path, path ? lineno : undefined, path ? colno : undefined);
});
addEventListener('unhandledrejection', ({ reason }) => {
  const places = [...String(Object(reason).stack).matchAll(/([^\s()@]+):(\d+):(\d+)/g)];
  const [, file = '', line, column] = places.find(([, file = '']) => paths.has(file)) ?? [];
  const path = paths.get(file);
  tellProblem(String(reason), path, path ? Number(line) : undefined, path ? Number(column) : undefined);
});

// An app that restarts while the reader types must not take the focus from the editor.
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (options) {
  if (document.hasFocus()) focus.call(this, options);
};

tell({ kind: 'waiting' });

function run({ html, styles, modules }: EditedApp): void {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const script of body.querySelectorAll('script')) script.remove();
  document.querySelector('demo-browser')?.replaceChildren(...body.childNodes);
  for (const text of styles) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }
  const addresses = new Map(Object.entries(packages).map(([name, path]) => [name, new URL(path, location.href).href]));
  for (const { path, parts, imports } of modules) {
    const unknown = imports.find((name) => !addresses.has(name));
    if (unknown)
      return tellProblem(
        `This example doesn't have the package '${unknown}'.`,
        path,
        lineOf(parts, imports.indexOf(unknown)),
      );
    const named = imports.map((name) => JSON.stringify(addresses.get(name)));
    const name = new URL(path, location.href).href;
    const text = `${parts.map((part, index) => part + (named[index] ?? '')).join('')}\n//# sourceURL=${name}`;
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    addresses.set(path, address);
    paths.set(address, path).set(name, path);
  }
  const script = document.createElement('script');
  script.type = 'module';
  script.src = addresses.get(modules.at(-1)?.path ?? '') ?? '';
  // The event also fires for a script that throws.
  script.addEventListener('load', () => hasProblem || tell({ kind: 'running' }));
  script.addEventListener('error', () => tellProblem("A module of this app couldn't be loaded."));
  document.head.append(script);
}

/** Returns the line on which a part of a module ends. */
function lineOf(parts: string[], index: number): number {
  return parts
    .slice(0, index + 1)
    .join('')
    .split('\n').length;
}

function tellProblem(message: string, path?: string, line?: number, column?: number): void {
  hasProblem = true;
  const readable = message
    .replace(/^Uncaught /, '')
    .replaceAll(moduleAddress, (address) => paths.get(address) ?? address);
  tell({ kind: 'problem', problem: { message: readable, path, line, column } });
}
