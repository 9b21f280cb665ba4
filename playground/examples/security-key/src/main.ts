import { signIn, signOut } from './account';
import { onSubmit, showError } from './form';
import { sendResetLink } from './link';
import { find, show } from './page';
import {
  choosePassword,
  confirmKey,
  confirmLink,
  enterWithPasskey,
  openPage,
  passwordRule,
  type Step,
} from './recovery';
import './style.css';

/** Shows a step. Its form leads to the next one. */
function render(step: Step): void {
  const place = show(step.name);
  const form = find<HTMLFormElement>(place, 'form, section');
  switch (step.name) {
    case 'start':
      onSubmit(form, (field) => sendResetLink(field('email')));
      onSubmit(find(place, '#passkey'), async () => render(await enterWithPasskey()));
      onSubmit(find(place, '#sign-in'), (field) => signIn(field('email'), field('password')));
      if (step.error) showError(form, step.error);
      break;
    case 'confirm-link':
      onSubmit(form, async () => render(await confirmLink()));
      break;
    case 'security-key':
      onSubmit(form, async () => render(await confirmKey(step.key)));
      if (step.error) showError(form, step.error);
      break;
    case 'account':
      find(form, '#level').textContent = step.level;
      find(form, '#rule').textContent = passwordRule;
      onSubmit(form, async (field) => render(await choosePassword(field('password'))));
      break;
    case 'password':
      find(form, '#rule').textContent = passwordRule;
      onSubmit(form, async (field) => render(await choosePassword(field('password'))));
      break;
    case 'changed':
      onSubmit(form, async () => {
        await signOut();
        render({ name: 'signed-out' });
      });
      break;
    case 'unreachable':
      find(form, 'button').addEventListener('click', open);
      break;
    case 'other-factor':
    case 'signed-out':
  }
}

// #region open
async function open(): Promise<void> {
  render(await openPage());
}

await open();
// #endregion
