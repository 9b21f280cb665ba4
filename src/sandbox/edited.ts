/** Runs what the reader has edited, beside the guide and out of its reach. */
import type { EditedApp, Message, Problem } from '../../playground/runtime/messages.ts';
import { createFrame, listen, tell } from './page.ts';

/** How the edited app is doing. `stuck`: it didn't answer, as in an endless loop. */
export type Report = { kind: 'running' } | { kind: 'problem'; problem: Problem } | { kind: 'stuck' };

/**
 * In milliseconds. A frame that doesn't answer within `answer` is removed. The app then starts from the beginning, so a slow phone gets some
 * time. `end` is what the browser gets to end the frame's process: until then, the next frame would share it. A frame that takes
 * longer than `start` is reported as stuck.
 */
const patience = { answer: 3000, end: 1000, start: 5000 };

/** No `allow-same-origin`, so the frame is of no origin. It has no dialogs and no popups, and can't take the guide to another page. */
const allowed = 'allow-scripts allow-forms';

/**
 * A frame inside `stage` in which edited apps run, one after the other. The demo project and the app's place in the flow stay as they are
 * from one to the next. `opened` gets each new frame: one that's stuck gives way to another, which begins from the start.
 */
export class EditedRun {
  readonly #open: () => HTMLIFrameElement;
  readonly #report: (report: Report) => void;
  #frame: HTMLIFrameElement | undefined;
  #app: EditedApp | undefined;
  #timer = 0;
  #gaveUpAt = Number.NEGATIVE_INFINITY;

  constructor(
    stage: HTMLElement,
    url: string,
    title: string,
    opened: (frame: HTMLIFrameElement) => void,
    report: (report: Report) => void,
  ) {
    this.#report = report;
    this.#open = () => {
      const frame = createFrame(stage, url, title, allowed);
      listen(frame, (message) => this.#hear(message));
      opened(frame);
      return frame;
    };
  }

  /** Runs this app from now on, also after each page load that a link in an email causes. */
  run(app: EditedApp): void {
    this.#app = app;
    if (!this.#frame?.isConnected) {
      this.#begin();
      return;
    }
    tell(this.#frame, { kind: 'app', app });
    this.#wait(patience.answer, () => {
      this.#frame?.remove();
      this.#gaveUpAt = performance.now();
      this.#begin();
    });
  }

  #begin(): void {
    this.#wait(Math.max(0, this.#gaveUpAt + patience.end - performance.now()), () => {
      this.#frame = this.#open();
      this.#waitForStart();
    });
  }

  #waitForStart(): void {
    this.#wait(patience.start, () => this.#report({ kind: 'stuck' }));
  }

  #wait(milliseconds: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, milliseconds) as unknown as number;
  }

  #hear(message: Partial<Message>): void {
    if (message.kind === 'waiting' && this.#app && this.#frame) tell(this.#frame, { kind: 'app', app: this.#app });
    if (message.kind === 'received') this.#waitForStart();
    if (message.kind === 'running') {
      clearTimeout(this.#timer);
      this.#report({ kind: 'running' });
    }
    if (isProblem(message)) {
      clearTimeout(this.#timer);
      this.#report(message);
    }
  }
}

/** Whether a message tells a problem as it should: edited code can say anything. */
function isProblem(message: Partial<Message>): message is Extract<Message, { kind: 'problem' }> {
  if (message.kind !== 'problem') return false;
  const { message: text, path, line, column } = Object(message.problem);
  const isPlace = (value: unknown) => value === undefined || Number.isInteger(value);
  return typeof text === 'string' && ['undefined', 'string'].includes(typeof path) && isPlace(line) && isPlace(column);
}
