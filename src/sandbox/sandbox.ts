import type { TakenCall } from '../../playground/runtime/messages.ts';
import type { CodePart } from './code-part.ts';
import { listen, runInPage, tellsCalls } from './page.ts';
import { embedStackBlitz, openInStackBlitz } from './stackblitz.ts';

/**
 * `<demo-sandbox>`, rendered by components/Sandbox.astro: starts its example in the page or in StackBlitz. Without JavaScript its
 * buttons stay hidden, and its texts can still be read.
 */
export class DemoSandbox extends HTMLElement {
  #code: CodePart | undefined;
  #calls: TakenCall[] = [];

  connectedCallback(): void {
    const { name } = this.#example;
    const message = this.#find('[data-message]');
    const unreachable = this.#find('[data-unreachable]');

    this.#onClick('run', () => this.#run());

    this.#onClick('code', async () => {
      if (this.#isCodeOpen) this.#showCode(false);
      else await this.#openCode();
    });

    this.#onClick('stackblitz', async () => {
      await openInStackBlitz(this.#example);
      // A page can't find out whether the browser blocked a form's new tab.
      message.textContent =
        'StackBlitz opens in a new tab. If no tab opened, your browser blocked it: allow pop-ups for this site, then press the button again.';
    });

    this.#onClick('embed', async () => {
      this.#open('embed');
      this.#showCode(false);
      message.textContent = 'Loading StackBlitz…';
      const answered = await embedStackBlitz(this.#example, this.#stage, `${name}, in StackBlitz`);
      message.textContent = '';
      unreachable.hidden = answered || this.dataset['open'] !== 'embed';
    });

    this.#onClick('close', () => {
      delete this.dataset['open'];
      this.#showCode(false);
      this.#stage.replaceChildren();
      this.#find('[data-action="run"]').focus();
    });

    this.#find('[data-action="embed"]').hidden = !crossOriginIsolated || this.dataset['editedUrl'] !== undefined;
  }

  /** Opens the editor and runs the example. `texts` replaces some of its files, by path. Rejects if the files can't be loaded. */
  async edit(texts: ReadonlyMap<string, string> = new Map()): Promise<void> {
    this.#open('run');
    const code = await this.#openCode();
    await code.edit(texts);
  }

  /** Runs the edited code if there is any, or else the example as it was built. An exercise isn't built, so it starts in the editor. */
  async #run(): Promise<void> {
    const { pageUrl } = this.dataset;
    if (pageUrl === undefined) return this.edit();
    this.#open('run');
    if (await this.#code?.resume()) return;
    await this.#started(runInPage(this.#stage, pageUrl, this.#frameTitle));
  }

  /** Opens the code beside the app, and starts the app if it isn't running. */
  async #openCode(): Promise<CodePart> {
    this.#showCode(true);
    if (this.dataset['open'] !== 'run') await this.#run();
    if (!this.#code) {
      const { CodePart } = await import('./code-part.ts');
      this.#code = await CodePart.open(this.#find('[data-code]'), {
        example: this.#example,
        codeUrl: this.dataset['codeUrl'] ?? '',
        editedUrl: this.dataset['editedUrl'] ?? '',
        stage: this.#stage,
        frameTitle: this.#frameTitle,
        opened: (frame) => void this.#started(frame),
      });
      this.#code.follow(this.#calls);
    }
    return this.#code;
  }

  get #isCodeOpen(): boolean {
    return !this.#find('[data-code]').hidden;
  }

  #showCode(shown: boolean): void {
    this.#find('[data-code]').hidden = !shown;
    this.#find('[data-action="code"]').ariaExpanded = `${shown}`;
    this.toggleAttribute('data-code-open', shown);
  }

  /** Lets the code part, the page's diagram and an exercise follow the app in a frame. */
  async #started(frame: HTMLIFrameElement): Promise<void> {
    this.dispatchEvent(new CustomEvent('opened', { detail: frame, bubbles: true }));
    listen(frame, (message) => {
      if (message.kind === 'startedOver') this.#code?.startOver();
      if (!tellsCalls(message)) return;
      this.#calls = message.calls;
      this.#code?.follow(message.calls);
    });
    const { diagram } = this.dataset;
    if (diagram) (await import('./follow.ts')).followRun(frame, diagram, this.#find('[data-steps]'));
  }

  get #example() {
    const { example: slug = '', name = '', projectUrl = '' } = this.dataset;
    return { slug, name, projectUrl };
  }

  get #stage(): HTMLElement {
    return this.#find('[data-stage]');
  }

  get #frameTitle(): string {
    return `${this.dataset['name']}, running in this page`;
  }

  #open(action: 'run' | 'embed'): void {
    this.dataset['open'] = action;
    this.scrollIntoView();
  }

  /** Calls `act` when the button for `action` is clicked. Shows an error in the sandbox, and throws it again. */
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
