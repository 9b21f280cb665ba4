import { timePassed } from './project.ts';

/** `Date` by the project's clock, for a server's code: the reader lets days pass at a click. */
export class ProjectDate extends Date {
  constructor(value: number | string | Date = Date.now() + timePassed()) {
    super(value);
  }
}
