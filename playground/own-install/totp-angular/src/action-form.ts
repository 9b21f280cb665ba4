import { afterRenderEffect, Component, type ElementRef, input, linkedSignal, signal, viewChild } from '@angular/core';
import { type AuthError, isAuthError } from '@supabase/supabase-js';
import { codeOf, explain } from './explain';

/** A form that submits only once at a time, and waits for another try after an error. */
@Component({
  selector: 'app-action-form',
  template: `
    <form #form [attr.aria-label]="label()" (submit)="submit($event)">
      <ng-content />
      @if (error(); as error) {
        <p role="alert" [attr.data-error-code]="codeOf(error)">{{ explain(error) }}</p>
      }
      <button type="submit" [class.secondary]="secondary()" [disabled]="isSending()">{{ button() }}</button>
      <p role="status">{{ said() }}</p>
    </form>
  `,
})
export class ActionForm {
  /** Calls Auth. The form shows a sentence that this returns, or an `AuthError` that it throws. */
  readonly send = input.required<() => Promise<unknown>>();
  /** The button's label. */
  readonly button = input.required<string>();
  readonly label = input<string>();
  readonly secondary = input(false);
  /** The error to show at first. */
  readonly firstError = input<AuthError>();

  protected readonly error = linkedSignal(() => this.firstError());
  protected readonly said = signal('');
  protected readonly isSending = signal(false);
  protected readonly codeOf = codeOf;
  protected readonly explain = explain;
  private readonly form = viewChild.required<ElementRef<HTMLFormElement>>('form');

  constructor() {
    // Focuses the field to correct. If there is none, focuses the button once it's enabled again.
    afterRenderEffect(() => {
      if (!this.error() || this.isSending()) return;
      const place = this.form().nativeElement.querySelector<HTMLElement>('input, button');
      place?.focus();
      if (place instanceof HTMLInputElement) place.select();
    });
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.isSending()) return; // the second click of a double click: the button isn't disabled until the next frame
    this.isSending.set(true);
    this.error.set(undefined);
    this.said.set('');
    try {
      const said = await this.send()();
      if (typeof said === 'string') this.said.set(said);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      this.error.set(error);
    } finally {
      this.isSending.set(false);
    }
  }
}
