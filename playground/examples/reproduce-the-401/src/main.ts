import { signIn, signOut } from './account';
import { onSubmit, showError } from './form';
import { sendResetLink } from './link';
import { observe } from './observe';
import { find, show } from './page';
import { choosePassword, confirmLink, openPage, type Step } from './recovery';
import './style.css';

/** Shows a step. Its form leads to the next one. */
function render(step: Step): void {
  const place = show(step.name);
  const form = find<HTMLFormElement>(place, 'form, section');
  switch (step.name) {
    case 'start':
      onSubmit(form, (field) => sendResetLink(field('email')));
      onSubmit(find(place, '#sign-in'), (field) => signIn(field('email'), field('password')));
      if (step.error) showError(form, step.error);
      break;
    case 'confirm-link':
      onSubmit(form, async () => render(await confirmLink()));
      break;
    case 'password':
      observe(find(place, '#observe'), form);
      onSubmit(form, async (field) => render(await choosePassword(field('password'))));
      break;
    case 'changed':
      onSubmit(form, async () => {
        await signOut();
        render({ name: 'signed-out' });
      });
      break;
    case 'signed-out':
  }
}

render(await openPage());
