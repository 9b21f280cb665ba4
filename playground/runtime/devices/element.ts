/** Makes an element with these properties and children. Text is always taken as text. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A text with the middle of its tokens and ids left out: of the long values in URLs, headers and JSON. */
export function shorten(text: string): string {
  return text.replace(/(?<=["= ])[\w.-]{25,}/g, (token) => `${token.slice(0, 8)}…${token.slice(-4)}`);
}
