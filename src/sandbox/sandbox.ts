import { runInPage } from './page.ts';
import { embedStackBlitz, openInStackBlitz } from './stackblitz.ts';

/**
 * `<demo-sandbox>`, rendered by components/Sandbox.astro: starts its example where the reader wants it. Without JavaScript its controls
 * stay hidden, and all it says and shows can still be read.
 */
class DemoSandbox extends HTMLElement {
  connectedCallback(): void {
    const { example: slug = '', name = '', pageUrl = '', projectUrl = '', diagram } = this.dataset;
    const example = { slug, projectUrl };
    const stage = this.#find('[data-stage]');
    const message = this.#find('[data-message]');
    const unreachable = this.#find('[data-unreachable]');

    this.#onClick('run', async () => {
      this.#open('run');
      const frame = runInPage(stage, pageUrl, `${name}, running in this page`);
      if (diagram) (await import('./follow.ts')).followRun(frame, diagram, this.#find('[data-steps]'));
    });

    this.#onClick('stackblitz', async () => {
      await openInStackBlitz(example);
      // No browser tells a page that it blocked a form's new tab.
      message.textContent =
        'StackBlitz opens in a new tab. If no tab opened, your browser blocked it: allow pop-ups for this site, then press the button again.';
    });

    this.#onClick('edit', async () => {
      this.#open('edit');
      message.textContent = 'Loading StackBlitz…';
      const answered = await embedStackBlitz(example, stage, `${name}, in StackBlitz`);
      message.textContent = '';
      unreachable.hidden = answered || this.dataset['open'] !== 'edit';
    });

    this.#onClick('close', () => {
      delete this.dataset['open'];
      stage.replaceChildren();
      this.#find('[data-action="run"]').focus();
    });

    this.#find('[data-action="edit"]').hidden = !crossOriginIsolated;
    this.#onFirstOpen(this.querySelector('.all-files'));
  }

  #open(action: 'run' | 'edit'): void {
    this.dataset['open'] = action;
    this.scrollIntoView();
  }

  /** Puts the example's files in place of the link to them, when the reader first opens their list. */
  #onFirstOpen(list: HTMLDetailsElement | null): void {
    const link = list?.querySelector('a');
    if (!list || !link) return;
    list.addEventListener('toggle', async () => {
      if (!list.open || !link.isConnected) return;
      try {
        const response = await fetch(link.href);
        if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        const files = page.querySelector('[data-files]');
        if (!files) throw new Error(`${link.href} has no files`);
        link.closest('p')?.replaceWith(files);
      } catch (error) {
        this.#find('[data-message]').textContent = `The files couldn't be loaded. ${error}`;
        throw error;
      }
    });
  }

  /** Calls `act` when the button for `action` is clicked. What goes wrong is said in the sandbox, and thrown on. */
  #onClick(action: string, act: () => void | Promise<void>): void {
    const message = this.#find('[data-message]');
    this.#find(`[data-action="${action}"]`).addEventListener('click', async () => {
      message.textContent = '';
      this.#find('[data-unreachable]').hidden = true;
      try {
        await act();
      } catch (error) {
        message.textContent = `${navigator.onLine ? '' : "You're offline. "}This couldn't be loaded. ${error}`;
        throw error;
      }
    });
  }

  #find(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`Sandbox.astro renders no ${selector}`);
    return found;
  }
}

customElements.define('demo-sandbox', DemoSandbox);
