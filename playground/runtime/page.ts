/**
 * Host `page`: the demo project inside the page of a built app. It's built once, and `playground/build.ts` puts it in front of
 * each example. It has to run before the app's own modules.
 *
 * Every tab or frame acts as a separate browser with a separate project, and both have to survive the page load that a reset link
 * causes. So the project's state and the app's web storage are kept in `window.name`. It belongs to this tab or frame alone,
 * survives page loads, ends with the tab, and works where storage is blocked.
 */
import { createDemoProject, type DemoProject, preload, type Snapshot } from '../demo-project/src/index.ts';
import { demoAccounts } from './cast.ts';
import type { Message, TakenCall } from './messages.ts';
import { fetchOutside, isOtherBrowser } from './other-browser.ts';
import { replaceStorage } from './web-storage.ts';

/** The contents of `window.name`: a line that says which example stored it, then each of these as a line of JSON. */
interface Kept {
  storages: { local?: [string, string][]; session?: [string, string][] };
  project?: Snapshot;
}

/** The example's folder. */
const app = new URL('.', location.href).href;
/** The example and its version, because this file's URL has a hash. Other examples and versions can't read the state. */
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

/** Saves at once, because anything written after a page load has begun is lost. */
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

/** How many parts of the project couldn't be loaded. A call that needs one must fail like a lost connection, and not with a 500 that looks like Auth's answer. */
let lost = 0;
window.addEventListener('vite:preloadError', () => {
  lost += 1;
});
// Loads the rest once the app has started, so that the flow works without a connection.
window.addEventListener('load', () => {
  void preload().catch(() => undefined); // a part that's still missing is reported when it's needed
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

// A page from the back/forward cache has old state.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

// In the guide, the page reports the app's calls and follows the guide's theme. `location.origin` is the guide's origin even if this
// frame has an opaque origin because the reader has edited the app.
/** Tells the page around this frame. If there is none, nothing happens. */
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

  // Navigation in the frame adds no entries to the guide's history, so one press of Back leaves the page. Needs Firefox 147 or Safari 26.2.
  window.navigation?.addEventListener('navigate', (event) => {
    if (event.navigationType !== 'push' || !event.cancelable) return;
    event.preventDefault();
    location.replace(event.destination.url);
  });
}
