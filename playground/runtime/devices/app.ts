/** The window of the app that the reader uses. While the other browser is open, that's the app in it. */
export function appWindow(): Window & typeof globalThis {
  const devices = document.querySelector('demo-devices')?.shadowRoot;
  const frame = devices?.querySelector<HTMLIFrameElement>('demo-other-browser iframe')?.contentWindow;
  return frame?.document.querySelector('demo-devices:not([hidden])') ? (frame as typeof window) : window;
}
