import { afterRenderEffect, Component, ElementRef, effect, inject, linkedSignal, signal } from '@angular/core';
import type { Factor } from '@supabase/supabase-js';
import { signIn } from './account';
import { ActionForm } from './action-form';
import { LeftoverFactor } from './leftover-factor';
import { leftoverFactors } from './leftover-factors';
import { sendResetLink } from './link';
import { passwordRule, type Step } from './recovery';
import { Reset } from './reset';

/** The heading of each step, which is also the page's title. */
const titles: Record<Step['name'], string> = {
  start: 'Forgot your password?',
  'confirm-link': 'Reset your password',
  code: 'Enter the code from your authenticator',
  'other-factor': 'Another second factor is needed',
  password: 'Choose a new password',
  changed: 'Your password was changed',
  'signed-out': 'You are signed out here',
  unreachable: 'We couldn’t reach the server',
};

/** Shows the current step. */
@Component({
  selector: 'app-root',
  imports: [ActionForm, LeftoverFactor],
  templateUrl: './app.html',
})
export class App {
  protected readonly reset = inject(Reset);
  protected readonly titles = titles;
  protected readonly passwordRule = passwordRule;
  protected readonly leftovers = signal<Factor[]>([]);
  // What the user types and chooses.
  protected readonly email = signal('');
  protected readonly address = signal('');
  protected readonly oldPassword = signal('');
  protected readonly password = signal('');
  protected readonly code = linkedSignal({ source: this.reset.step, computation: () => '' });
  protected readonly factorId = linkedSignal(() => {
    const step = this.reset.step();
    return (step.name === 'code' && step.authenticators[0]?.id) || '';
  });

  constructor() {
    const page = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    effect(() => {
      document.title = `${titles[this.reset.step().name]} · Your app`;
    });
    // Moves the focus for keyboard and screen reader users.
    afterRenderEffect(() => {
      this.reset.step();
      page.querySelector<HTMLElement>('[data-focus]')?.focus();
    });
  }

  protected readonly sendLink = () => sendResetLink(this.email());
  protected readonly signIn = async () => {
    const said = await signIn(this.address(), this.oldPassword());
    this.leftovers.set(await leftoverFactors());
    return said;
  };
  protected readonly confirmLink = () => this.reset.confirmLink();
  protected readonly enterCode = () => this.reset.enterCode(this.factorId(), this.code());
  protected readonly choosePassword = () => this.reset.choosePassword(this.password());
  protected readonly signOut = () => this.reset.signOut();
}
