/** The window of your app that the reader uses: the one in the other browser, while that's open. */
export function appWindow(): Window & typeof globalThis {
  const devices = document.querySelector('demo-devices')?.shadowRoot;
  const frame = devices?.querySelector<HTMLIFrameElement>('demo-other-browser iframe')?.contentWindow;
  return frame?.document.querySelector('demo-devices:not([hidden])') ? (frame as typeof window) : window;
}
