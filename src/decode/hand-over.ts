/**
 * Hands what was typed into the search over to Decode, which is another page. It passes through this tab's session storage and is removed the moment
 * Decode opens, because it may be a token. It never goes into an address, which would stay in the history.
 */
const key = 'for-decode';

/** Keeps the text until Decode opens. Where storage is blocked, Decode opens empty. */
export function keepForDecode(text: string): void {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // Blocked storage: the reader pastes it again.
  }
}

/** The text that was kept, which it removes; null if there is none. */
export function takeForDecode(): string | null {
  try {
    const text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return text;
  } catch {
    return null;
  }
}
