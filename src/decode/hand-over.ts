/**
 * Passes what was typed into the search to Decode, which is another page. The text is stored in this tab's
 * session storage, and removed when Decode opens, because it may be a token. It never goes into an address,
 * which would stay in the history.
 */
const key = 'for-decode';

/** Stores the text until Decode opens. If storage is blocked, Decode opens empty. */
export function keepForDecode(text: string): void {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // Storage is blocked, so the reader has to paste it again.
  }
}

/** Returns and removes the stored text, or returns null if there's none. */
export function takeForDecode(): string | null {
  try {
    const text = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return text;
  } catch {
    return null;
  }
}
