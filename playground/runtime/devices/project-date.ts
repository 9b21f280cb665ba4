import { timePassed } from './project.ts';

/** A `Date` that uses the project's clock, for a server's code. The reader can let days pass with a click. */
export class ProjectDate extends Date {
  constructor(value: number | string | Date = Date.now() + timePassed()) {
    super(value);
  }
}
