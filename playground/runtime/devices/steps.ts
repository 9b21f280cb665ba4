import { accountsIn, describeFactors } from '../cast.ts';
import { element } from './element.ts';
import { endOf, findRun, hintFor, type Run, type Seen, stepsOf } from './flows.ts';
import { notify } from './notice.ts';

/**
 * `<demo-steps>`: the steps of this flow, as a list that ticks itself, with the next thing to do. The ticks come from
 * what Auth and the devices report, so they're right after a reload too.
 */
export class DemoSteps extends HTMLElement {
  readonly #heading = element('h2');
  readonly #list = element('ol');
  readonly #end = element('div', { className: 'end' });
  readonly #flow: string;
  readonly #startOver: (email: string) => void;
  #shown = '';
  #said = '';

  constructor(flow: string, startOver: (email: string) => void) {
    super();
    this.#flow = flow;
    this.#startOver = startOver;
  }

  connectedCallback(): void {
    this.append(this.#heading, this.#list, this.#end);
  }

  /** Shows the state of the reset, and announces the next step when it changes. Returns the reset. */
  show(seen: Seen): Run {
    const run = findRun(this.#flow, seen);
    const steps = stepsOf(this.#flow, run);
    const hint = hintFor(run);
    const now = steps.find(({ state }) => state === 'now');
    const end = now ? undefined : endOf(this.#flow, run);
    const shown = JSON.stringify([steps, hint, end, run.account.email]);
    if (shown === this.#shown) return run;
    this.#shown = shown;

    const position = now ? `Step ${steps.indexOf(now) + 1} of ${steps.length}` : `All ${steps.length} steps done`;
    this.#heading.textContent = position;
    this.#list.replaceChildren(
      ...steps.map(({ name, text, state }) => {
        const item = element('li', { className: state }, element('span', {}, name));
        if (state === 'now') {
          item.ariaCurrent = 'step';
          item.append(...(hint ? [element('p', { className: 'hint' }, hint)] : []), element('p', {}, ...mark(text)));
        }
        if (state === 'done') item.append(element('span', { className: 'heard' }, ', done'));
        return item;
      }),
    );
    this.#end.replaceChildren(...(end ? [element('p', {}, end), ...this.#next(run)] : []));
    const said = [hint, now?.text ?? end].filter(Boolean).join(' ');
    if (said !== this.#said) notify(this, `${position}: ${said}`, { shown: false });
    this.#said = said;
    return run;
  }

  /** Returns buttons that start over with this flow's other accounts. */
  #next({ account, tried }: Run): HTMLElement[] {
    if (tried) return [];
    const others = accountsIn(this.#flow).filter(({ email }) => email !== account.email);
    return [
      element('p', {}, element('b', {}, 'Next, start over with another account:')),
      ...others.map((other) =>
        element(
          'p',
          {},
          element('button', { onclick: () => this.#startOver(other.email) }, other.email),
          ` second factor: ${describeFactors(other)}`,
        ),
      ),
    ];
  }
}

/** Returns a text with its “names” in bold. */
function mark(text: string): (Node | string)[] {
  return text.split(/(“[^”]+”)/).map((part) => (part.startsWith('“') ? element('b', {}, part) : part));
}

customElements.define('demo-steps', DemoSteps);
