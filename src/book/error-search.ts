/**
 * `<error-search>`: shows the page's errors that match what's typed or pasted, and opens them if there are few.
 * The search is in the address: `/errors/?find=insufficient_aal`. A link to an error, such as
 * `/errors/#phone_exists`, opens it.
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

/** Opens the error named in the address if the browser hasn't: some browsers don't open `<details>` for a link. */
function openTarget(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  let closed = target?.closest<HTMLDetailsElement>('details:not([open])');
  if (!closed) return;
  for (; closed; closed = closed.parentElement?.closest<HTMLDetailsElement>('details:not([open])')) closed.open = true;
  target?.scrollIntoView();
}

/**
 * Returns the errors that a text is about: those with both a code and a message in the text, as in an
 * answer or a log line. If there are none, those with a code in it, then those with a message in it, then
 * those that contain all its words.
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

/** Returns an error's messages: from the items of its list, or from the lines between its status and its methods. */
function messagesOf(error: HTMLElement): string[] {
  const items = [...error.querySelectorAll('.answers li')].map(ownText);
  const lines = ownText(error).split('\n');
  return [...items, ...lines].map((text) => text.trim().replace(/^\d+ | · .*$/g, '')).filter(Boolean);
}

function ownText(element: Element): string {
  return [...element.childNodes].flatMap((node) => (node instanceof Text ? node.data : [])).join('\n');
}

/** Matches a message in lower case, with any text in place of "…", however its quotes are escaped. */
function pattern(message: string): RegExp {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('"', '\\\\*"');
  return new RegExp(message.toLowerCase().split('…').map(literal).join('.*?'));
}

customElements.define('error-search', ErrorSearch);
