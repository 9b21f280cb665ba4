/** Runs the edited app in a frame that can't reach the guide. */
import type { EditedApp, Message, Problem } from '../../playground/runtime/messages.ts';
import { createFrame, listen, tell } from './page.ts';

/** The state of the edited app. `stuck`: it doesn't answer, for example because of an endless loop. */
export type Report = { kind: 'running' } | { kind: 'problem'; problem: Problem } | { kind: 'stuck' };

/**
 * In milliseconds. A frame that doesn't answer within `answer` is removed, and the app starts from the beginning, so the limit
 * leaves time for a slow phone. `end` is the time that the browser gets to end the frame's process. A new frame would share it
 * until then. A frame that takes longer than `start` is reported as stuck.
 */
const patience = { answer: 3000, end: 1000, start: 5000 };

/** Without `allow-same-origin`, the frame has an opaque origin. It can't open dialogs or popups, or navigate the guide. */
const allowed = 'allow-scripts allow-forms';

/**
 * A frame inside `stage` that runs edited apps, one after the other. The demo project and the place in the flow survive each
 * edit, also the first one, which replaces the frame of the built example. `opened` is called with each new frame. A frame that's
 * stuck is replaced, and then the flow starts from the beginning.
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
      const frame = createFrame(stage, url, title, { sandbox: allowed, state: stateOfBuilt(stage, url) });
      listen(frame, (message) => this.#hear(message));
      opened(frame);
      return frame;
    };
  }

  /** Runs this app from now on. It survives the page loads that links in emails cause. */
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

/**
 * Returns the state of the built example that runs in `stage`, for its edited version at `url`: links in emails lead there. Returns
 * nothing if the built example isn't running.
 */
function stateOfBuilt(stage: HTMLElement, url: string): string {
  const frame = stage.querySelector('iframe');
  if (!frame?.contentWindow) return '';
  const [built, edited] = [frame.src, url].map((page) => new URL('.', new URL(page, location.href)).href) as [
    string,
    string,
  ];
  return frame.contentWindow.name
    .replaceAll(built, edited)
    .replaceAll(encodeURIComponent(built), encodeURIComponent(edited));
}

/** Whether a message is a well-formed problem. Edited code can send anything. */
function isProblem(message: Partial<Message>): message is Extract<Message, { kind: 'problem' }> {
  if (message.kind !== 'problem') return false;
  const { message: text, path, line, column } = Object(message.problem);
  const isPlace = (value: unknown) => value === undefined || Number.isInteger(value);
  return typeof text === 'string' && ['undefined', 'string'].includes(typeof path) && isPlace(line) && isPlace(column);
}
