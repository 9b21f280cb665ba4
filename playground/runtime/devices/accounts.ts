import { type Account, accountsIn, describeFactors } from '../cast.ts';
import { appWindow } from './app.ts';
import { typeInto } from './code.ts';
import { element } from './element.ts';

const emailField = 'input[type="email"]';

/** Fields that were filled in before. If the reader empties such a field, it stays empty. */
const seen = new WeakSet<Element>();

/** Whether the app shows a form for an email address. */
export function isAtStart(): boolean {
  return [...appWindow().document.querySelectorAll(emailField)].some((field) => field.checkVisibility());
}

/** Fills in the app's new, empty email fields. In a focused field the address is selected, so that typing replaces it. */
export function prefill(email: string): void {
  const { document } = appWindow();
  for (const field of document.querySelectorAll<HTMLInputElement>(emailField)) {
    if (!seen.has(field) && field.value === '') {
      typeInto(field, email);
      if (field === document.activeElement) field.select();
    }
    seen.add(field);
  }
}

/** Fills email and password into the app's forms. Returns whether there are any. */
export function fill({ email, password }: Account): boolean {
  for (const field of appWindow().document.querySelectorAll<HTMLInputElement>(emailField)) typeInto(field, email);
  const passwordField = appWindow().document.querySelector<HTMLInputElement>('input[autocomplete="current-password"]');
  if (passwordField) typeInto(passwordField, password);
  return isAtStart();
}

/** Returns a list of a flow's accounts and the button that opens it. `note` is shown below. `choose` is called with the clicked account. */
export function accountList(flow: string, note: string, choose: (account: Account) => void): HTMLElement[] {
  const list = element('div', { popover: 'auto', className: 'accounts', role: 'group', ariaLabel: 'Accounts' });
  list.append(
    element('p', {}, "Click an account to put it into your app's form."),
    ...accountsIn(flow).map((account) => {
      const onclick = () => {
        list.hidePopover();
        choose(account);
      };
      return element(
        'button',
        { onclick },
        element('b', {}, account.email),
        element('small', {}, `second factor: ${describeFactors(account)}`),
        element('small', {}, `password: ${account.password}`),
      );
    }),
    element('p', { className: 'quiet' }, note),
  );
  return [element('button', { popoverTargetElement: list }, 'Accounts'), list];
}
