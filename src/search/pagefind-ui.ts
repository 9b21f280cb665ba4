/**
 * Replaces Pagefind's search box (`@pagefind/default-ui`), which Starlight loads on every page although few readers
 * search. Here it loads when the search opens, which halves the weight of a page. If loading fails, the dialog says so,
 * and tries again when it opens next time.
 *
 * The box also says when no page has all the words, and offers Decode for what looks like a token, an
 * error, a link, or a log entry.
 */

import { underBase } from '../base.ts';
import { keepForDecode } from '../decode/hand-over.ts';
import styles from './pagefind-ui.css?url';

/** Whether a query is something to decode: a token, JSON, a link, or a log line. */
function looksLikeFinding(query: string): boolean {
  return /^\s*[{[]|eyJ[\w-]{8,}|https?:\/\/|[?#&][\w-]+=|\b\w+=\S+ \w+=|"\w+"\s*:/.test(query);
}

export class PagefindUI {
  constructor(options: object) {
    const dialog = document.querySelector<HTMLDialogElement>('site-search dialog');
    if (!dialog) return;
    const failure = Object.assign(document.createElement('p'), { role: 'alert' });
    const load = async () => {
      dialog.removeEventListener('focusin', load);
      try {
        // @ts-expect-error: the package has no types.
        const box = import('@pagefind/default-ui/npm_dist/mjs/ui-core.mjs');
        const [ui] = await Promise.all([box, loadStyles()]);
        failure.remove();
        new ui.PagefindUI({ ...options, bundlePath: underBase('search/') });
        const field = dialog.querySelector('input');
        if (field) addHints(field);
        field?.focus();
      } catch {
        failure.textContent = "The search couldn't be loaded. Check your connection, then open the search again.";
        dialog.querySelector('.dialog-frame')?.append(failure);
        dialog.addEventListener('close', () => dialog.addEventListener('focusin', load), { once: true });
      }
    };
    if (dialog.open) void load();
    else dialog.addEventListener('focusin', load); // opening a dialog moves the focus into it
  }
}

/** Adds the box's style sheet to the page. Rejects if it can't be loaded. */
function loadStyles(): Promise<unknown> {
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: styles });
  return new Promise((resolve, reject) => {
    link.addEventListener('load', resolve);
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`${styles} can't be loaded`));
    });
    document.head.append(link);
  });
}

/** Shows below the field when the results are only close matches, and offers to decode what was typed. */
function addHints(field: HTMLInputElement): void {
  const hints = Object.assign(document.createElement('p'), { className: 'search-hints', role: 'status' });
  field.closest('form')?.after(hints);
  let isNearest = false;
  const show = () => {
    const query = field.value.trim();
    hints.replaceChildren();
    if (query && isNearest && !looksLikeFinding(query))
      hints.append('No page has all of these words. The nearest pages: ');
    if (query && (isNearest || looksLikeFinding(query))) {
      const decode = Object.assign(document.createElement('a'), {
        href: underBase('decode/'),
        textContent: looksLikeFinding(query)
          ? 'This looks like something to decode. Open it in Decode.'
          : 'Is it an error, a token, or a log entry? Open it in Decode.',
      });
      decode.addEventListener('click', () => keepForDecode(query));
      hints.append(decode);
    }
  };
  field.addEventListener('input', show);
  document.addEventListener('search-nearest', (event) => {
    ({ isNearest } = (event as CustomEvent<{ isNearest: boolean }>).detail);
    show();
  });
}
