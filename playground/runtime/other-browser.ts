/**
 * "Another browser": a second frame that shows the same app with separate web storage. It talks to the same project.
 * On host `page`, that project lives in the page around the frame.
 */

/** What marks the frame. */
export const mark = 'data-other-browser';

/** Whether this page is in that frame. Its app doesn't know. */
export const isOtherBrowser = window.frameElement?.hasAttribute(mark) ?? false;

/** Sends a call the same way as the page around the frame. */
export const fetchOutside: typeof fetch = (input, init) => {
  const outside = parent as typeof globalThis & Window;
  return outside.fetch(new outside.Request(input instanceof Request ? input : new URL(input, location.href), init));
};
