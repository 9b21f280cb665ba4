/**
 * Stands in for Pagefind's search box (`@pagefind/default-ui`), which Starlight loads on every page though few readers search: here it is
 * loaded when the search is opened, which halves the weight of a page.
 */
export class PagefindUI {
  constructor(options: object) {
    const dialog = document.querySelector<HTMLDialogElement>('site-search dialog');
    if (!dialog) return;
    const load = async () => {
      // @ts-expect-error: the package has no types.
      const ui = await import('@pagefind/default-ui/npm_dist/mjs/ui-core.mjs');
      new ui.PagefindUI(options);
      dialog.querySelector('input')?.focus();
    };
    if (dialog.open) void load();
    else dialog.addEventListener('focusin', load, { once: true }); // opening a dialog moves the focus into it
  }
}
