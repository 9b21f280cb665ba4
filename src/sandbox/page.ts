import type { Message } from '../../playground/runtime/messages.ts';
import { deniedFeatures } from './frame.ts';

/** Replaces the contents of `stage` with a frame that runs a built example, and focuses it. Returns the frame. */
export function runInPage(stage: HTMLElement, url: string, title: string): HTMLIFrameElement {
  const frame = createFrame(stage, url, title);
  frame.addEventListener('load', () => frame.focus(), { once: true });
  return frame;
}

/**
 * Replaces the contents of `stage` with a frame that shows a page of the playground. `sandbox` limits what it may do. `state` is what
 * the page finds in `window.name`, where it keeps its project.
 */
export function createFrame(
  stage: HTMLElement,
  url: string,
  title: string,
  { sandbox, state = '' }: { sandbox?: string; state?: string } = {},
): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.allow = deniedFeatures;
  if (sandbox) frame.setAttribute('sandbox', sandbox);
  frame.name = state;
  frame.src = url;
  tellTheme(frame);
  stage.replaceChildren(frame);
  return frame;
}

/** Whether a message comes from the page that the guide loaded into `frame`. An edited app's origin is opaque, but no other site can be in its frame. */
export function isFrom(frame: HTMLIFrameElement, { source, origin }: MessageEvent): boolean {
  return source === frame.contentWindow && origin === (isOfNoOrigin(frame) ? 'null' : location.origin);
}

function isOfNoOrigin(frame: HTMLIFrameElement): boolean {
  return frame.sandbox.length > 0;
}

/** Sends a message to the page in `frame`. */
export function tell(frame: HTMLIFrameElement, message: Message): void {
  frame.contentWindow?.postMessage(message, isOfNoOrigin(frame) ? '*' : location.origin);
}

/** Calls `heard` for each message from `frame`, as long as the frame is in the page. */
export function listen(frame: HTMLIFrameElement, heard: (message: Partial<Message>) => void): void {
  const hear = (event: MessageEvent) => {
    if (!frame.isConnected) removeEventListener('message', hear);
    else if (isFrom(frame, event)) heard(Object(event.data));
  };
  addEventListener('message', hear);
}

/** Whether a message is a well-formed list of calls. */
export function tellsCalls(message: Partial<Message>): message is Extract<Message, { kind: 'calls' }> {
  return (
    message.kind === 'calls' &&
    Array.isArray(message.calls) &&
    message.calls.every((call) => typeof call?.method === 'string' && typeof call.path === 'string')
  );
}

/** Sends the page's theme to `frame` when it's ready and whenever the theme changes. */
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
