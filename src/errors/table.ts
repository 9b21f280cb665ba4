/**
 * `<error-table>`: shows the rows that what is typed or pasted into its form is about, and sorts them by the column whose heading is
 * pressed. What is looked for stands in the address: `/errors/?find=insufficient_aal`.
 */
class ErrorTable extends HTMLElement {
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
    this.#find(field.value);
    for (const heading of this.querySelectorAll<HTMLTableCellElement>('thead th:not(:last-child)')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...heading.childNodes);
      button.addEventListener('click', () => this.#sort(heading));
      heading.append(button);
    }
  }

  get #rows(): HTMLTableRowElement[] {
    return [...this.querySelectorAll<HTMLTableRowElement>('tbody tr')];
  }

  #find(text: string): void {
    const found = new Set(rowsAbout(text, this.#rows));
    for (const row of this.#rows) row.hidden = !found.has(row);
    const output = this.querySelector('output');
    if (output) output.value = found.size === 1 ? '1 error' : `${found.size} errors`;
  }

  /** Sorts upwards, or downwards if it is sorted upwards already. */
  #sort(heading: HTMLTableCellElement): void {
    const direction = heading.ariaSort === 'ascending' ? 'descending' : 'ascending';
    for (const other of this.querySelectorAll('th')) other.ariaSort = null;
    heading.ariaSort = direction;
    const sorted = this.#rows.sort((a, b) =>
      cell(a, heading.cellIndex).localeCompare(cell(b, heading.cellIndex), 'en', { numeric: true }),
    );
    this.querySelector('tbody')?.append(...(direction === 'ascending' ? sorted : sorted.reverse()));
  }
}

const cell = (row: HTMLTableRowElement, index: number) => row.cells[index]?.textContent.trim() ?? '';

/**
 * The rows that a text is about. If messages occur in it, as in an answer or a log line, those of the code it also has, if it has one;
 * else the rows that have all its words; else those whose code occurs in it.
 */
function rowsAbout(text: string, rows: HTMLTableRowElement[]): HTMLTableRowElement[] {
  const wanted = text.toLowerCase();
  const withCode = (some: HTMLTableRowElement[]) => some.filter((row) => words(wanted).includes(cell(row, 0)));
  const withMessage = rows.filter((row) => pattern(cell(row, 2)).test(wanted));
  const withWords = rows.filter((row) =>
    wanted.split(/\s+/).every((word) => row.textContent.toLowerCase().includes(word)),
  );
  const both = withCode(withMessage);
  return [both, withMessage, withWords, withCode(rows)].find((some) => some.length > 0) ?? [];
}

const words = (text: string): string[] => text.match(/\w+/g) ?? [];

/** Finds a message in lower case, whatever stands in the place of "…" in it and however its quotes are escaped. */
function pattern(message: string): RegExp {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('"', '\\\\*"');
  return new RegExp(message.toLowerCase().split('…').map(literal).join('.*?'));
}

customElements.define('error-table', ErrorTable);
