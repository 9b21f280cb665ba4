/**
 * `<proof-filter>`: shows the scenarios that match its form, and counts them. The filter is in the address, so that you
 * can link to it: `/proof/?code=insufficient_aal`, or `/proof/?of=…` with the names of a mark's scenarios.
 */
class ProofFilter extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form');
    if (!form) return;
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) field.value = value;
    }
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', () => this.#filter(form));
    form.addEventListener('reset', () => {
      for (const field of form.querySelectorAll('input, select')) (field as HTMLInputElement).value = '';
      this.#filter(form);
    });
    this.#filter(form);
  }

  #filter(form: HTMLFormElement): void {
    const wanted = [...new FormData(form)].filter((entry): entry is [string, string] => entry[1] !== '');
    const of = new Set(wanted.flatMap(([name, value]) => (name === 'of' ? value.split(' ') : [])));
    const words = wanted.flatMap(([name, value]) => (name === 'words' ? value.toLowerCase().split(/\s+/) : []));
    let count = 0;
    for (const section of this.querySelectorAll('section')) {
      const items = [...section.querySelectorAll('li')];
      for (const item of items) {
        const address = item.querySelector('a')?.href ?? '';
        const text = `${address} ${item.textContent}`.toLowerCase();
        const has = (kind: string, value: string) =>
          [...item.querySelectorAll(`[data-is="${kind}"]`)].some(({ textContent }) => textContent === value);
        item.hidden = !(
          (of.size === 0 || of.has(address.split('/').at(-2) ?? '')) &&
          words.every((word) => text.includes(word)) &&
          wanted.every(([name, value]) => name === 'words' || name === 'of' || has(name, value))
        );
      }
      const shown = items.filter(({ hidden }) => !hidden).length;
      section.hidden = shown === 0;
      count += shown;
    }
    const output = form.querySelector('output');
    if (output) output.value = count === 1 ? '1 scenario' : `${count} scenarios`;
    const reset = form.querySelector('button');
    if (reset) reset.hidden = wanted.length === 0;
    const address = new URL(location.href);
    address.search = new URLSearchParams(wanted).toString();
    history.replaceState(history.state, '', address);
  }
}

customElements.define('proof-filter', ProofFilter);
