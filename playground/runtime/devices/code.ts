import { appWindow } from './app.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';

const codeField = 'input[autocomplete="one-time-code"]';

/** Returns the app's field for a code: the focused one, or else the first visible one. */
export function findCodeField(): HTMLInputElement | undefined {
  const { document } = appWindow();
  const fields = [...document.querySelectorAll<HTMLInputElement>(codeField)].filter((field) => field.checkVisibility());
  return fields.find((field) => field === document.activeElement) ?? fields[0];
}

/** Returns two buttons that copy or type the code. `shown` returns the code of that moment. */
export function codeActions(device: HTMLElement, shown: HTMLElement): HTMLElement {
  return element(
    'p',
    { className: 'actions' },
    element('button', { onclick: () => copy(device, shown.textContent) }, 'Copy code'),
    // Keeps the focus in the app's field, so that it stays the field in use.
    element(
      'button',
      { onclick: () => type(device, shown.textContent), onmousedown: (event) => event.preventDefault() },
      'Type it for me',
    ),
  );
}

async function copy(device: HTMLElement, code: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(code);
    notify(device, `Copied ${code}.`);
  } catch (error) {
    notify(device, `Your browser didn't let this page copy the code: ${error}`, { tone: 'refused' });
  }
}

function type(device: HTMLElement, code: string): void {
  const field = findCodeField();
  if (!field) {
    notify(device, 'Your app has no field for a code right now.');
    return;
  }
  typeInto(field, code);
  device.dispatchEvent(new Event('typed', { bubbles: true }));
  field.focus();
}

/** Changes a field as typing does. React replaces the `value` property of controlled fields and ignores changes made through it. */
export function typeInto(field: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
}
