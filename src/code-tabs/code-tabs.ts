/** Where the reader's choice is kept, for every page. */
const key = 'code-tab';

/**
 * `<code-tabs>`, rendered by components/CodeTabs.astro: shows one of its sections at a time. Arrow keys, Home and End go from tab to tab.
 * The address names the chosen tab, so it can be copied. All groups of tabs follow the choice if they have the framework.
 */
class CodeTabs extends HTMLElement {
  connectedCallback(): void {
    for (const panel of this.#panels) {
      panel.role = 'tabpanel';
      panel.tabIndex = 0;
    }
    for (const tab of this.#tabs) {
      tab.addEventListener('click', (event) => {
        event.preventDefault();
        this.#choose(tab);
      });
    }
    this.addEventListener('keydown', (event) => this.#onKey(event));
    addEventListener('hashchange', () => this.#followAddress());
    // localStorage is undefined where the browser blocks it: see ThemeProvider.astro.
    this.show(localStorage?.getItem(key) ?? '');
    if (this.#panels.every(({ hidden }) => !hidden)) this.show(this.#tabs[0]?.dataset['tab'] ?? '');
    this.#followAddress();
  }

  /** Shows this framework, if there's a tab for it. */
  show(name: string): void {
    if (!this.#tabs.some((tab) => tab.dataset['tab'] === name)) return;
    for (const tab of this.#tabs) {
      const selected = tab.dataset['tab'] === name;
      tab.ariaSelected = `${selected}`;
      tab.tabIndex = selected ? 0 : -1;
    }
    for (const panel of this.#panels) panel.hidden = panel.dataset['tab'] !== name;
  }

  get #tabs(): HTMLAnchorElement[] {
    return [...this.querySelectorAll<HTMLAnchorElement>('[role="tab"]')];
  }

  get #panels(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(':scope > section')];
  }

  /** The reader chose this tab: every group shows it, and what they look at stays where it is. */
  #choose(tab: HTMLAnchorElement): void {
    const name = tab.dataset['tab'] ?? '';
    localStorage?.setItem(key, name);
    history.replaceState(history.state, '', tab.hash);
    const before = this.getBoundingClientRect().top;
    for (const group of document.querySelectorAll<CodeTabs>('code-tabs')) group.show(name);
    scrollBy({ top: this.getBoundingClientRect().top - before, behavior: 'instant' });
  }

  #onKey(event: KeyboardEvent): void {
    const tabs = this.#tabs;
    const at = tabs.indexOf(document.activeElement as HTMLAnchorElement);
    if (at === -1) return;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length);
    if (!tab) return;
    event.preventDefault();
    this.#choose(tab);
    tab.focus({ preventScroll: true });
  }

  /** The address names one of these tabs: it's shown, from its tabs on. */
  #followAddress(): void {
    const tab = this.#tabs.find(({ hash }) => hash === location.hash);
    if (!tab) return;
    this.#choose(tab);
    this.scrollIntoView({ behavior: 'instant' });
  }
}

customElements.define('code-tabs', CodeTabs);
