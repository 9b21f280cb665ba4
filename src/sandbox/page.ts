import type { Message } from '../../playground/runtime/messages.ts';
import { deniedFeatures } from './frame.ts';

/** Starts a built example in a frame inside `stage`, in place of what was there, and puts the focus into it. Returns the frame. */
export function runInPage(stage: HTMLElement, url: string, title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.allow = deniedFeatures;
  frame.src = url;
  frame.addEventListener('load', () => frame.focus(), { once: true });
  tellTheme(frame);
  stage.replaceChildren(frame);
  return frame;
}

/** Tells the example in `frame` the theme of this page: whenever one of its pages is ready, and whenever the theme changes. */
function tellTheme(frame: HTMLIFrameElement): void {
  const page = document.documentElement;
  const tell = () => {
    const message: Message = { kind: 'theme', theme: page.dataset['theme'] === 'dark' ? 'dark' : 'light' };
    frame.contentWindow?.postMessage(message, location.origin);
  };
  const hear = ({ source, origin, data }: MessageEvent) => {
    if (source === frame.contentWindow && origin === location.origin && Object(data).kind === 'ready') tell();
  };
  const changes = new MutationObserver(() => {
    if (frame.isConnected) return tell();
    changes.disconnect();
    removeEventListener('message', hear);
  });
  changes.observe(page, { attributeFilter: ['data-theme'] });
  addEventListener('message', hear);
}
