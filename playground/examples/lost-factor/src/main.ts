import { signIn, signOut } from './account';
import { onSubmit, showError } from './form';
import { describeFactor, leftoverFactors, removeFactor } from './leftover-factors';
import { sendResetLink } from './link';
import { find, show } from './page';
import {
  askSupport,
  choosePassword,
  confirmLink,
  enterCode,
  object,
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
      onSubmit(find(place, '#sign-in'), async (field) => {
        const said = await signIn(field('email'), field('password'));
        await showLeftoverFactors();
        return said;
      });
      if (step.error) showError(form, step.error);
      break;
    case 'confirm-link':
      onSubmit(form, async () => render(await confirmLink()));
      break;
    case 'code': {
      const options = step.authenticators.map(
        ({ id, friendly_name }) => new Option(friendly_name || 'Authenticator without a name', id),
      );
      find(form, 'select').append(...options);
      find(form, '#choice').hidden = options.length === 1;
      onSubmit(form, async (field) => render(await enterCode(field('factor'), field('code'))));
      break;
    }
    case 'lost-factor':
      find(form, '#another').hidden = step.authenticators.length === 1;
      onSubmit(form, async () => render(await askSupport()));
      break;
    case 'objection':
      onSubmit(form, async () => render(await object()));
      break;
    case 'password':
      find(form, '#rule').textContent = passwordRule;
      onSubmit(form, async (field) => render(await choosePassword(field('password'))));
      break;
    case 'changed':
      find(form, '#no-factor').hidden = step.hasAuthenticator;
      onSubmit(form, async () => {
        await signOut();
        render({ name: 'signed-out' });
      });
      break;
    case 'unreachable':
      find(form, 'button').addEventListener('click', open);
      break;
    case 'other-factor':
    case 'support-knows':
    case 'objected':
    case 'signed-out':
  }
}

/** Shows the second factors that were never verified, each with a button that removes it. */
async function showLeftoverFactors(): Promise<void> {
  const forms = (await leftoverFactors()).map((factor) => {
    const { content } = find<HTMLTemplateElement>(document, 'template#leftover-factor');
    const form = find<HTMLFormElement>(content.cloneNode(true) as DocumentFragment, 'form');
    const name = describeFactor(factor);
    form.ariaLabel = name;
    find(form, '[data-name]').textContent = name;
    onSubmit(form, async () => {
      await removeFactor(factor.id);
      form.textContent = `Removed: ${name}`;
      form.focus();
    });
    return form;
  });
  find(document, '#leftover-factors').replaceChildren(...forms);
}

// #region open
async function open(): Promise<void> {
  render(await openPage());
}

await open();
// #endregion
