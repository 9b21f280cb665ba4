/**
 * `<page-actions>`, rendered by components/PageActions.astro: copies the page or the instructions
 * for a coding agent as Markdown.
 */
class PageActions extends HTMLElement {
  connectedCallback(): void {
    for (const button of this.querySelectorAll('button'))
      button.addEventListener('click', () => this.#copy(button.value, button.dataset['done'] ?? ''));
  }

  async #copy(url: string, done: string): Promise<void> {
    const text = fetch(url).then(async (response) => {
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      return new Blob([await response.text()], { type: 'text/plain' });
    });
    try {
      // Safari lets a page write only if it starts immediately, so pass the text as a promise.
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
      this.#say(done);
    } catch {
      this.#say(`Couldn't copy it. You can open ${url} instead.`);
    }
  }

  #say(words: string): void {
    const status = this.querySelector('[role="status"]');
    if (status) status.textContent = words;
  }
}

customElements.define('page-actions', PageActions);
