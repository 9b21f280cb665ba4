import type { Message } from '../../playground/runtime/messages.ts';
import { deniedFeatures } from './frame.ts';

/** Starts a built example in a frame inside `stage`, in place of what was there, and puts the focus into it. Returns the frame. */
export function runInPage(stage: HTMLElement, url: string, title: string): HTMLIFrameElement {
  const frame = createFrame(stage, url, title);
  frame.addEventListener('load', () => frame.focus(), { once: true });
  return frame;
}

/** Puts a page of the playground into a frame inside `stage`, in place of what was there. `sandbox` has what it may do, if that's not everything. */
export function createFrame(stage: HTMLElement, url: string, title: string, sandbox?: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.allow = deniedFeatures;
  if (sandbox) frame.setAttribute('sandbox', sandbox);
  frame.src = url;
  tellTheme(frame);
  stage.replaceChildren(frame);
  return frame;
}

/** Whether a message comes from what the guide has put into `frame`. An edited app is of no origin, but no other site may be in that frame. */
export function isFrom(frame: HTMLIFrameElement, { source, origin }: MessageEvent): boolean {
  return source === frame.contentWindow && origin === (isOfNoOrigin(frame) ? 'null' : location.origin);
}

function isOfNoOrigin(frame: HTMLIFrameElement): boolean {
  return frame.sandbox.length > 0;
}

/** Tells `message` to what's in `frame`. */
export function tell(frame: HTMLIFrameElement, message: Message): void {
  frame.contentWindow?.postMessage(message, isOfNoOrigin(frame) ? '*' : location.origin);
}

/** Calls `heard` for each message from `frame` while it's in the page. */
export function listen(frame: HTMLIFrameElement, heard: (message: Partial<Message>) => void): void {
  const hear = (event: MessageEvent) => {
    if (!frame.isConnected) removeEventListener('message', hear);
    else if (isFrom(frame, event)) heard(Object(event.data));
  };
  addEventListener('message', hear);
}

/** Whether a message tells calls: others may come from the same frame. */
export function tellsCalls(message: Partial<Message>): message is Extract<Message, { kind: 'calls' }> {
  return (
    message.kind === 'calls' &&
    Array.isArray(message.calls) &&
    message.calls.every((call) => typeof call?.method === 'string' && typeof call.path === 'string')
  );
}

/** Tells the example in `frame` the theme of this page: whenever one of its pages is ready, and whenever the theme changes. */
function tellTheme(frame: HTMLIFrameElement): void {
  const page = document.documentElement;
  const tellIt = () => tell(frame, { kind: 'theme', theme: page.dataset['theme'] === 'dark' ? 'dark' : 'light' });
  const changes = new MutationObserver(() => {
    if (frame.isConnected) tellIt();
    else changes.disconnect();
  });
  changes.observe(page, { attributeFilter: ['data-theme'] });
  listen(frame, ({ kind }) => kind === 'ready' && tellIt());
}
