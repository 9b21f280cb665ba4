import { appWindow } from './app.ts';
import { element } from './element.ts';
import { notify } from './notice.ts';

const codeField = 'input[autocomplete="one-time-code"]';

/** The app's field for a code: the one in use, or else the first that can be seen. */
export function findCodeField(): HTMLInputElement | undefined {
  const { document } = appWindow();
  const fields = [...document.querySelectorAll<HTMLInputElement>(codeField)].filter((field) => field.checkVisibility());
  return fields.find((field) => field === document.activeElement) ?? fields[0];
}

/** Two buttons, for what a device does with the code that `shown` has at that moment. */
export function codeActions(device: HTMLElement, shown: HTMLElement): HTMLElement {
  return element(
    'p',
    { className: 'actions' },
    element('button', { onclick: () => copy(device, shown.textContent) }, 'Copy code'),
    // Pressing the button leaves the focus in the app's field, so that this is the field in use.
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

/** Changes a field as a person's typing does. React puts a `value` of its own on a field that it controls, and hears of no change made through it. */
export function typeInto(field: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
}
