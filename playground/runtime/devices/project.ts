/** The URL of the app's project: the page's own origin, or the configured project. */
const configured: string | undefined = import.meta.env['VITE_SUPABASE_URL'];

export const projectUrl = new URL(configured ?? location.origin).origin;

/** Whether the demo project is in this page (host `page`). Then only `fetch` reaches it: the browser can't navigate there. */
export const isInPage = import.meta.env['VITE_DEMO_HOST'] === 'page';

/** Whether it's the demo project, and not the reader's own. */
export const isDemo = isInPage || configured === undefined;

/** Mailpit's API. `undefined` if it isn't configured. */
export const inboxUrl = isDemo ? `${projectUrl}/inbox/api/v1` : import.meta.env['VITE_MAILPIT_URL'] && '/inbox/api/v1';

/** The browser's error if it blocks web storage. Empty if it doesn't. */
export const storageBlocked = (() => {
  try {
    localStorage.getItem('');
    return '';
  } catch (error) {
    return String(error);
  }
})();

/** Fetches JSON. Throws if there is none. */
export async function readJson<Data>(url: string): Promise<Data> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.json();
}

/** Resolves when the page has loaded, so that parts that only devices need don't delay the app. */
export const loaded = new Promise<void>((resolve) => {
  if (document.readyState === 'complete') resolve();
  else addEventListener('load', () => resolve());
});

const passedKey = 'demo-time-passed';

/** How far the project's clock is ahead of this browser's, in milliseconds: the time that the reader let pass. */
export function timePassed(): number {
  return storageBlocked ? 0 : Number(sessionStorage.getItem(passedKey));
}

/** Lets time pass for the project, and for the devices beside the app. */
export async function letTimePass(minutes: number): Promise<void> {
  const answer = await fetch(`${projectUrl}/demo-project/advance?by=${minutes}m`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The demo project answered ${answer.status}: ${await answer.text()}`);
  sessionStorage.setItem(passedKey, String(timePassed() + minutes * 60_000));
}
