/** The key under which the reader's choice is stored, for every page. */
const key = 'code-tab';

/**
 * `<code-tabs>`, rendered by components/CodeTabs.astro: shows one of its sections at a time. Arrow keys,
 * Home, and End move between tabs. The address names the chosen tab, so readers can copy it. All groups with
 * that framework follow the choice.
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
    // localStorage is undefined if the browser blocks it: see ThemeProvider.astro.
    this.show(localStorage?.getItem(key) ?? '');
    if (this.#panels.every(({ hidden }) => !hidden)) this.show(this.#tabs[0]?.dataset['tab'] ?? '');
    this.#followAddress();
  }

  /** Shows this framework if there's a tab for it. */
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

  /** Handles the reader's choice of a tab: every group shows it, and what the reader looks at stays in place. */
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

  /** If the address names one of these tabs, shows it and scrolls to the tabs. */
  #followAddress(): void {
    const tab = this.#tabs.find(({ hash }) => hash === location.hash);
    if (!tab) return;
    this.#choose(tab);
    this.scrollIntoView({ behavior: 'instant' });
  }
}

customElements.define('code-tabs', CodeTabs);
