import type { Message } from '../../playground/runtime/messages.ts';
import { listen, tellsCalls } from '../sandbox/page.ts';
import type { Goal } from './exercises.ts';

/**
 * `<demo-exercise>`, rendered by components/Exercise.astro around a sandbox: checks off each goal when the running app meets it. Its
 * messages come from the frame with the reader's own code, so forged calls fool only the reader who wrote them.
 */
export class DemoExercise extends HTMLElement {
  readonly #met = new Set<number>();
  /** Whether the running app is the code in the editor. */
  #isCurrent = false;

  connectedCallback(): void {
    this.addEventListener('opened', (event) => void this.#follow((event as CustomEvent<HTMLIFrameElement>).detail));
    this.addEventListener('restarted', () => {
      this.#isCurrent = false;
      if (!this.#isSolved) this.#met.clear(); // one version of the code has to meet all goals
      this.#show();
    });
  }

  get #goals(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[data-goals] > li')];
  }

  get #isSolved(): boolean {
    return this.#met.size === this.#goals.length;
  }

  async #follow(frame: HTMLIFrameElement): Promise<void> {
    const { exercises } = await import('./exercises.ts');
    const { goals = [] } = exercises[this.dataset['exercise'] ?? ''] ?? {};
    listen(frame, (message) => this.#hear(message, goals));
  }

  #hear(message: Partial<Message>, goals: Goal[]): void {
    if (message.kind === 'running') this.#isCurrent = true;
    if (!this.#isCurrent || this.#isSolved || !tellsCalls(message)) return;
    for (const [index, { isMet }] of goals.entries()) if (isMet(message.calls)) this.#met.add(index);
    this.#show();
  }

  #show(): void {
    for (const [index, goal] of this.#goals.entries()) {
      goal.classList.toggle('met', this.#met.has(index));
      goal.ariaDescription = this.#met.has(index) ? 'done' : null;
    }
    const result = this.querySelector('[data-result]');
    const solution = this.querySelector<HTMLDetailsElement>('[data-solution]');
    if (!result || !solution) throw new Error('Exercise.astro renders no place for the result');
    this.toggleAttribute('data-solved', this.#isSolved);
    if (!this.#isSolved || result.textContent) return;
    result.textContent = 'Solved. Compare your code with the solution below.';
    solution.open = true;
  }
}

customElements.define('demo-exercise', DemoExercise);
