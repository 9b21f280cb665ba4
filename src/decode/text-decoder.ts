import type { KnownError } from '../book/known-error.ts';
import { decode } from './decode.ts';
import { examples } from './examples.ts';
import type { Finding } from './finding.ts';
import { takeForDecode } from './hand-over.ts';

/** The maximum number of findings shown, so that the page stays fast whatever is pasted. */
const showable = 50;

/**
 * `<text-decoder>`, rendered by components/Decode.astro: explains what's in its text field while the
 * reader types. What it finds stays in the page: it makes no requests and stores nothing. Text from the
 * search is read as if it were pasted.
 */
class TextDecoderElement extends HTMLElement {
  connectedCallback(): void {
    const field = this.#find('textarea') as HTMLTextAreaElement;
    const summary = this.#find('[role="status"]');
    const findings = this.#find('[data-findings]');
    const book = JSON.parse(this.#find('script').textContent) as KnownError[];
    const read = () => {
      const found = decode(field.value, Date.now() / 1000, book);
      summary.textContent = summaryOf(field.value, found);
      findings.replaceChildren(...found.slice(0, showable).map((finding) => this.#render(finding)));
    };
    const fill = (text: string) => {
      field.value = text;
      read();
      field.focus();
    };
    field.addEventListener('input', read);
    this.#find('[data-clear]').addEventListener('click', () => fill(''));
    for (const button of this.querySelectorAll<HTMLElement>('[data-example]')) {
      button.addEventListener('click', () => fill(examples[button.dataset['example'] ?? '']?.(Date.now()) ?? ''));
    }
    field.value = takeForDecode() ?? field.value;
    read(); // browsers restore what was typed before a reload
  }

  #render({ title, state, says, why, todo, links }: Finding): HTMLElement {
    const list = element('dl');
    for (const [name, meaning] of says) {
      const meanings = Array.isArray(meaning) ? meaning : [meaning];
      list.append(element('dt', name), ...meanings.map((text) => element('dd', ...withCode(text))));
    }
    const heading = element('h2', title);
    heading.dataset['state'] = state;
    const article = element(
      'article',
      heading,
      element('p', element('strong', 'Why: '), ...withCode(why)),
      element('p', element('strong', 'What to do: '), ...withCode(todo)),
    );
    if (links.length > 0) {
      const anchors = links.map(({ path, text }) => {
        const anchor = element('a', text);
        anchor.setAttribute('href', `${this.dataset['base']}${path}`);
        return anchor;
      });
      article.append(element('p', ...anchors.flatMap((anchor, index) => (index > 0 ? [' · ', anchor] : [anchor]))));
    }
    article.append(list);
    return article;
  }

  #find(selector: string): HTMLElement {
    const found = this.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`Decode.astro renders no ${selector}`);
    return found;
  }
}

function summaryOf(text: string, found: Finding[]): string {
  if (text.trim() === '') return '';
  if (found.length === 0) return unknown;
  const titles = found.slice(0, showable).map(({ title }) => title);
  const first = found.length > showable ? ` Here are the first ${showable}.` : '';
  return `Found ${found.length}: ${titles.join('; ')}.${first}`;
}

const unknown =
  'Nothing here looks like an access token, an error, a log entry or a link from Supabase Auth. If it is one, paste all of it, exactly as you got it.';

function element(name: string, ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** Returns the text with what's between backticks as code. */
function withCode(text: string): (string | Node)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? element('code', part) : part));
}

customElements.define('text-decoder', TextDecoderElement);
