/** Web storage that lives in a map. */
export type Items = Map<string, string>;

/** A `Storage` with these items. `save` is called after each change. */
function storage(items: Items, save: () => void): Storage {
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      items.set(key, String(value));
      save();
    },
    removeItem(key) {
      items.delete(key);
      save();
    },
    clear() {
      items.clear();
      save();
    },
  };
}

/** Replaces the page's web storage with these items. The page then acts as a separate browser. */
export function replaceStorage(local: Items, session: Items, save: () => void): void {
  Object.defineProperty(window, 'localStorage', { value: storage(local, save) });
  Object.defineProperty(window, 'sessionStorage', { value: storage(session, save) });
  // supabase-js would tell other tabs about its session, but they act as other browsers
  Reflect.deleteProperty(window, 'BroadcastChannel');
}
