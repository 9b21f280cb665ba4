import { Injectable, signal } from '@angular/core';
import { signOut } from './account';
import { choosePassword, confirmLink, enterCode, openPage, type Step } from './recovery';

// #region reset
/** Holds the step that the page shows. Each call throws the `AuthError` that the form should show. */
@Injectable({ providedIn: 'root' })
export class Reset {
  readonly step = signal<Step>({ name: 'start' });

  async open(): Promise<void> {
    this.step.set(await openPage());
  }

  async confirmLink(): Promise<void> {
    this.step.set(await confirmLink());
  }

  async enterCode(factorId: string, code: string): Promise<void> {
    this.step.set(await enterCode(factorId, code));
  }

  async choosePassword(password: string): Promise<void> {
    this.step.set(await choosePassword(password));
  }

  async signOut(): Promise<void> {
    await signOut();
    this.step.set({ name: 'signed-out' });
  }
}
// #endregion
