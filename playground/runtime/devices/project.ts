/** Where the app's project is, as seen from its page: on the page's own origin, or the one that is configured. */
const configured: string | undefined = import.meta.env['VITE_SUPABASE_URL'];

export const projectUrl = new URL(configured ?? location.origin).origin;

/** The demo project answers in this page (host `page`): only `fetch` finds it, the browser can't go there. */
export const isInPage = import.meta.env['VITE_DEMO_HOST'] === 'page';

/** Otherwise it is a project of the reader's own. */
export const isDemo = isInPage || configured === undefined;

/** Mailpit's API; `undefined` if nobody told where the project's mail arrives. */
export const inboxUrl = isDemo ? `${projectUrl}/inbox/api/v1` : import.meta.env['VITE_MAILPIT_URL'] && '/inbox/api/v1';

/** What the browser says when it is asked for a storage that it blocks; empty where it does not. */
export const storageBlocked = (() => {
  try {
    localStorage.getItem('');
    return '';
  } catch (error) {
    return String(error);
  }
})();

/** The JSON at an address. Throws when there is none. */
export async function readJson<Data>(url: string): Promise<Data> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.json();
}

/** Once the page has loaded: parts of the project that only devices need keep no app waiting. */
export const loaded = new Promise<void>((resolve) => {
  if (document.readyState === 'complete') resolve();
  else addEventListener('load', () => resolve());
});

const passedKey = 'demo-time-passed';

/** How much further the project's clock is than this browser's, in milliseconds: what the reader let pass. */
export function timePassed(): number {
  return storageBlocked ? 0 : Number(sessionStorage.getItem(passedKey));
}

/** Lets time pass for the project, and for the devices beside the app. */
export async function letTimePass(time: '6m' | '1h'): Promise<void> {
  const answer = await fetch(`${projectUrl}/demo-project/advance?by=${time}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The demo project answered ${answer.status}: ${await answer.text()}`);
  sessionStorage.setItem(passedKey, String(timePassed() + (time === '1h' ? 3_600_000 : 360_000)));
}
