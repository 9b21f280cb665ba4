import { decode } from './decode.ts';
import type { Finding } from './finding.ts';
import { takeForDecode } from './hand-over.ts';

/** As much as is shown, so that a page stays quick whatever is pasted. */
const showable = 50;

/**
 * `<text-decoder>`, rendered by components/Decode.astro: says what is pasted into its text field, while the reader types. What it finds
 * stays in this page: it makes no request and stores nothing.
 */
class TextDecoderElement extends HTMLElement {
  connectedCallback(): void {
    const field = this.#find('textarea') as HTMLTextAreaElement;
    const summary = this.#find('[role="status"]');
    const findings = this.#find('[data-findings]');
    const read = () => {
      const found = decode(field.value, Date.now() / 1000);
      summary.textContent = summaryOf(field.value, found);
      findings.replaceChildren(...found.slice(0, showable).map((finding) => this.#render(finding)));
    };
    field.addEventListener('input', read);
    this.#find('button').addEventListener('click', () => {
      field.value = '';
      read();
      field.focus();
    });
    field.value = takeForDecode() ?? field.value;
    read(); // browsers restore what was typed before a reload
  }

  #render({ title, state, says, why, todo, link }: Finding): HTMLElement {
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
      list,
      element('p', element('strong', 'Why: '), ...withCode(why)),
      element('p', element('strong', 'What to do: '), ...withCode(todo)),
    );
    if (link) {
      const anchor = element('a', link.text);
      anchor.setAttribute('href', `${this.dataset['base']}${link.path}`);
      article.append(element('p', anchor));
    }
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
  const titles = found.slice(0, showable).map(({ title }) => title);
  return [
    ...(found.length > 0 ? [`${found.length} found: ${titles.join('; ')}.`] : [unknown]),
    ...(found.length > showable ? [`The first ${showable} are shown.`] : []),
  ].join(' ');
}

const unknown =
  'This is not known here: no access token, no error or log entry of Supabase Auth, no link with its parameters. If it is one, paste it whole, as it was shown.';

function element(name: string, ...content: (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

/** Text with what stands between backticks as code. */
function withCode(text: string): (string | Node)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? element('code', part) : part));
}

customElements.define('text-decoder', TextDecoderElement);
