import { deniedFeatures } from './frame.ts';

/** Starts a built example in a frame inside `stage`, in place of what was there, and puts the focus into it. Returns the frame. */
export function runInPage(stage: HTMLElement, url: string, title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.allow = deniedFeatures;
  frame.src = url;
  frame.addEventListener('load', () => frame.focus(), { once: true });
  stage.replaceChildren(frame);
  return frame;
}
