/** The colors of meaning: `refused`, or the level of a session. */
export type Tone = 'refused' | 'aal1' | 'aal2' | 'none';

/** A message from a device to the reader. Screen readers always hear it. With `shown`, it's also visible beside the devices' title. */
export interface Notice {
  text: string;
  shown: boolean;
  tone: Tone;
}

/** Sends a notice up to `<demo-devices>`. */
export function notify(device: HTMLElement, text: string, { shown = true, tone = 'none' as Tone } = {}): void {
  const detail: Notice = { text, shown, tone };
  device.dispatchEvent(new CustomEvent('notice', { bubbles: true, detail }));
}
