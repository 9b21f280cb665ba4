import type { Factor } from '@supabase/supabase-js';
import { signIn, signOut } from './account';
import { onSubmit, showError } from './form';
import { sendResetLink } from './link';
import { find, show } from './page';
import {
  chooseFactor,
  choosePassword,
  confirmLink,
  enterCode,
  openPage,
  passwordRule,
  resendMessage,
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
      onSubmit(find(place, '#sign-in'), (field) => signIn(field('email'), field('password')));
      if (step.error) showError(form, step.error);
      break;
    case 'confirm-link':
      onSubmit(form, async () => render(await confirmLink()));
      break;
    case 'choose-factor':
      find(form, 'fieldset').append(...step.factors.map(choice));
      onSubmit(form, async (field) => {
        const factor = step.factors.find(({ id }) => id === field('factor')) as Factor;
        render(await chooseFactor(factor, step.factors));
      });
      break;
    case 'message-code': {
      const { factor, message, factors } = step;
      const until = new Date(message.expiresAt * 1000).toLocaleTimeString();
      find(place, '#sent').textContent =
        `A code was sent to ${factor.friendly_name || 'your phone'}. It is good until ${until}. Only the newest one works.`;
      onSubmit(form, async (field) => render(await enterCode(message, field('code'))));
      onSubmit(find(place, '#resend'), async () => render(await resendMessage(factor, factors)));
      letChooseAnother(place, factors);
      break;
    }
    case 'totp-code':
      onSubmit(form, async (field) => render(await enterCode(step.factor, field('code'))));
      letChooseAnother(place, step.factors);
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

/** A factor to choose from. The oldest factor is preselected. */
function choice({ id, factor_type, friendly_name }: Factor, index: number): HTMLElement {
  const radio = document.createElement('input');
  Object.assign(radio, { type: 'radio', name: 'factor', value: id, required: true, defaultChecked: index === 0 });
  const label = document.createElement('label');
  const text =
    factor_type === 'phone'
      ? `Send a text message to ${friendly_name || 'my phone'}`
      : `Use the code in ${friendly_name || 'my authenticator'}`;
  label.append(radio, text);
  return label;
}

function letChooseAnother(place: HTMLElement, factors: Factor[]): void {
  const other = find<HTMLButtonElement>(place, '#other');
  other.hidden = factors.length === 1;
  other.addEventListener('click', () => render({ name: 'choose-factor', factors }));
}

async function open(): Promise<void> {
  render(await openPage());
}

await open();
