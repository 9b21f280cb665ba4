/** Creates an element with these properties and children. Strings become text, never HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Shortens the tokens and ids in a URL, a header or JSON. */
export function shorten(text: string): string {
  return text.replace(/(?<=["= ])[\w.-]{25,}/g, (token) => `${token.slice(0, 8)}…${token.slice(-4)}`);
}
