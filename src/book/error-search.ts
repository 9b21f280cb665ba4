/**
 * `<error-search>`: shows the errors of the page that what is typed or pasted is about, and opens them where there are few. What is looked for stands in
 * the address: `/errors/?find=insufficient_aal`. A link to an error, `/errors/#phone_exists`, opens it.
 */
class ErrorSearch extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector('input');
    if (!field) return;
    field.value = new URLSearchParams(location.search).get('find') ?? '';
    field.form?.addEventListener('submit', (event) => event.preventDefault());
    field.addEventListener('input', () => {
      const address = new URL(location.href);
      address.search = field.value && new URLSearchParams({ find: field.value }).toString();
      history.replaceState(history.state, '', address);
      this.#find(field.value);
    });
    if (field.value) this.#find(field.value);
    window.addEventListener('hashchange', openTarget);
    openTarget();
  }

  #find(text: string): void {
    const errors = [...document.querySelectorAll<HTMLElement>('[data-error]')];
    const found = new Set(text.trim() === '' ? errors : errorsAbout(text, errors));
    const few = text.trim() !== '' && found.size <= 5;
    for (const error of errors) {
      error.hidden = !found.has(error);
      if (error instanceof HTMLDetailsElement) error.open = few && found.has(error);
    }
    for (const topic of document.querySelectorAll<HTMLDetailsElement>('details.topic')) {
      const shown = topic.querySelectorAll('[data-error]:not([hidden])').length;
      topic.hidden = shown === 0;
      topic.open = text.trim() !== '' && shown > 0;
    }
    const output = this.querySelector('output');
    if (output) output.value = found.size === 1 ? '1 error' : `${found.size} errors`;
  }
}

/** Opens the error that the address names, where the browser hasn't: in some, links open nothing. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let closed = target?.closest<HTMLDetailsElement>('details:not([open])');
  if (!closed) return;
  for (; closed; closed = closed.parentElement?.closest<HTMLDetailsElement>('details:not([open])')) closed.open = true;
  target?.scrollIntoView();
}

/**
 * The errors that a text is about. If messages occur in it, as in an answer or a log line, those of the code it also has, if it has one;
 * else those whose code occurs in it; else those that have all its words.
 */
function errorsAbout(text: string, errors: HTMLElement[]): HTMLElement[] {
  const wanted = text.toLowerCase();
  const words: string[] = wanted.match(/\w+/g) ?? [];
  const withMessage = errors.filter((error) => messagesOf(error).some((message) => pattern(message).test(wanted)));
  const withCode = errors.filter((error) => words.includes(error.dataset['error']?.toLowerCase() ?? ''));
  const withWords = errors.filter((error) =>
    wanted.split(/\s+/).every((word) => error.textContent.toLowerCase().includes(word)),
  );
  const both = withMessage.filter((error) => withCode.includes(error));
  return [both, withCode, withMessage, withWords].find((some) => some.length > 0) ?? [];
}

/** The messages of an error: one in each item of its list, or in each line that stands by itself, after the status and before the methods. */
function messagesOf(error: HTMLElement): string[] {
  const items = [...error.querySelectorAll('.answers li')].map(ownText);
  const lines = ownText(error).split('\n');
  return [...items, ...lines].map((text) => text.trim().replace(/^\d+ | · .*$/g, '')).filter(Boolean);
}

function ownText(element: Element): string {
  return [...element.childNodes].flatMap((node) => (node instanceof Text ? node.data : [])).join('\n');
}

/** Finds a message in lower case, whatever stands in the place of "…" in it and however its quotes are escaped. */
function pattern(message: string): RegExp {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('"', '\\\\*"');
  return new RegExp(message.toLowerCase().split('…').map(literal).join('.*?'));
}

customElements.define('error-search', ErrorSearch);
