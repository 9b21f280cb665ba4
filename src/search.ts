/**
 * Stands in for Pagefind's search box (`@pagefind/default-ui`), which Starlight loads on every page though few readers search: here it is
 * loaded when the search is opened, which halves the weight of a page. When it can't be loaded, the dialog says so, and tries again when it is next opened.
 */
export class PagefindUI {
  constructor(options: object) {
    const dialog = document.querySelector<HTMLDialogElement>('site-search dialog');
    if (!dialog) return;
    const failure = Object.assign(document.createElement('p'), { role: 'alert' });
    const load = async () => {
      dialog.removeEventListener('focusin', load);
      try {
        // @ts-expect-error: the package has no types.
        const ui = await import('@pagefind/default-ui/npm_dist/mjs/ui-core.mjs');
        failure.remove();
        new ui.PagefindUI(options);
        dialog.querySelector('input')?.focus();
      } catch {
        failure.textContent = 'The search could not be loaded. Check your connection, then open the search again.';
        dialog.querySelector('.dialog-frame')?.append(failure);
        dialog.addEventListener('close', () => dialog.addEventListener('focusin', load), { once: true });
      }
    };
    if (dialog.open) void load();
    else dialog.addEventListener('focusin', load); // opening a dialog moves the focus into it
  }
}
