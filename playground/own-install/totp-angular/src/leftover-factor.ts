import { Component, computed, type ElementRef, effect, input, signal, viewChild } from '@angular/core';
import type { Factor } from '@supabase/supabase-js';
import { ActionForm } from './action-form';
import { describeFactor, removeFactor } from './leftover-factors';

/** A second factor that was never verified, with a button that removes it. */
@Component({
  selector: 'app-leftover-factor',
  imports: [ActionForm],
  template: `
    @if (isRemoved()) {
      <form #removed tabindex="-1" [attr.aria-label]="name()">Removed: {{ name() }}</form>
    } @else {
      <app-action-form button="Remove" [secondary]="true" [label]="name()" [send]="remove">
        <h2>A second factor that was never finished</h2>
        <p>
          Somebody started to add <b>{{ name() }}</b> to your account. Unless you are adding it right now, remove it: the
          person who started it can still finish it, and then sign in with it.
        </p>
      </app-action-form>
    }
  `,
})
export class LeftoverFactor {
  readonly factor = input.required<Factor>();
  protected readonly name = computed(() => describeFactor(this.factor()));
  protected readonly isRemoved = signal(false);
  private readonly removed = viewChild<ElementRef<HTMLElement>>('removed');

  constructor() {
    effect(() => this.removed()?.nativeElement.focus()); // otherwise it's lost with the pressed button
  }

  protected readonly remove = async () => {
    await removeFactor(this.factor().id);
    this.isRemoved.set(true);
  };
}
