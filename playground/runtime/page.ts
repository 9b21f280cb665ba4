/**
 * Host `page`: the demo project inside the page of a built app. It's built once, and `playground/build.ts` puts it in front of
 * each example. It has to run before the app's own modules.
 *
 * Every tab or frame plays a browser and a project of its own, which go on after the page load that a recovery link causes.
 * So the project's state and the app's web storage are both kept in `window.name`: it belongs to this tab or frame alone,
 * outlives page loads, ends with the tab, and is there where storage is blocked.
 */
import { createDemoProject, type DemoProject, preload, type Snapshot } from '../demo-project/src/index.ts';
import { demoAccounts } from './cast.ts';
import type { Message, TakenCall } from './messages.ts';
import { fetchOutside, isOtherBrowser } from './other-browser.ts';
import { replaceStorage } from './web-storage.ts';

/** What `window.name` holds, each as JSON on a line of its own, after a line that says whose it is. */
interface Kept {
  storages: { local?: [string, string][]; session?: [string, string][] };
  project?: Snapshot;
}

/** The example's folder. */
const app = new URL('.', location.href).href;
/** Example and version (this file's own address has a hash): no other can make use of what is kept here. */
const mark = `demo-project ${app} ${import.meta.url}`;

const kept = read();
const local = new Map(kept.storages.local);
const session = new Map(kept.storages.session);
let project = start(kept.project);
let projectJson = JSON.stringify(kept.project ?? null);

function read(): Kept {
  const [keeper = '', storages = '', project = ''] = window.name.split('\n');
  if (!keeper.startsWith('demo-project ')) return { storages: {} };
  try {
    if (keeper !== mark) throw new Error('it belongs to another page, or to another version of this page');
    return { storages: JSON.parse(storages), project: JSON.parse(project) ?? undefined };
  } catch (error) {
    console.warn("demo project: can't use what this tab had stored:", error);
    document
      .querySelector('demo-devices')
      ?.setAttribute('notice', 'Starting over: what this tab had stored is damaged, or belongs to another page.');
    return { storages: {} };
  }
}

/** At once: what is written after a page load has begun is lost. */
function save(): void {
  window.name = [mark, JSON.stringify({ local: [...local], session: [...session] }), projectJson].join('\n');
}

function start(snapshot?: Snapshot): DemoProject {
  // An example can bring settings in its page, such as a mail template. A Site URL in them is relative to its folder.
  const { auth } = JSON.parse(document.querySelector('#project-settings')?.textContent ?? '{}');
  const { hostname, origin } = location;
  const webauthn = { rp_id: hostname, rp_display_name: 'Your app', rp_origins: [origin] };
  const site_url = new URL(auth?.site_url ?? '', app).href;
  const config = { auth: { passkey: { enabled: true }, webauthn, ...auth, site_url } };
  return createDemoProject({ url: location.origin, config, seed: demoAccounts, snapshot });
}

/** How many parts of the project could not be loaded. Auth would not answer such a call at all, so nobody may take the project's 500 for its answer. */
let lost = 0;
window.addEventListener('vite:preloadError', () => {
  lost += 1;
});
// Loaded once the app has started, so that a flow goes on without a connection.
window.addEventListener('load', () => {
  void preload().catch(() => undefined); // A part that is still missing when it is called is told then.
});

const network = window.fetch;
if (isOtherBrowser) window.fetch = fetchOutside;
else
  window.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href);
    if (!project.handles(url)) return network(input, init);
    const lostBefore = lost;
    const answer = await project.fetch(input, init);
    if (lost > lostBefore) {
      project = start(JSON.parse(projectJson) ?? undefined); // this call never happened
      throw new TypeError("Failed to fetch: a part of the demo project couldn't be loaded");
    }
    projectJson = JSON.stringify(project.snapshot());
    save();
    if (url.pathname.endsWith('/demo-project/reset')) tell({ kind: 'startedOver' });
    return answer;
  };

replaceStorage(local, session, save);

// A page that comes back from the browser's memory has the state of when it was left.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

// In the guide the page tells what its app has called, for a diagram to follow, and has the theme that it's told. `location.origin` is
// the guide's also where this frame itself is of no origin, because the reader has edited its app.
const tell = (message: Message) => parent.postMessage(message, location.origin);
if (parent !== window) {
  document.addEventListener('calls', (event) =>
    tell({ kind: 'calls', calls: (event as CustomEvent<TakenCall[]>).detail }),
  );
  window.addEventListener('message', ({ source, origin, data }) => {
    const message: Partial<Message> = Object(data);
    if (source !== parent || origin !== location.origin || message.kind !== 'theme') return;
    document.documentElement.style.colorScheme = message.theme === 'dark' ? 'dark' : 'light';
  });
  tell({ kind: 'ready' });

  // What the app does in its frame adds no steps to the guide's history: one Back leaves the page. Not in Firefox before 147 and Safari before 26.2.
  window.navigation?.addEventListener('navigate', (event) => {
    if (event.navigationType !== 'push' || !event.cancelable) return;
    event.preventDefault();
    location.replace(event.destination.url);
  });
}
