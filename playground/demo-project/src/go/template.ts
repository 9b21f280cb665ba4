/** Templates as Go's html/template fills them in. */
import { percentEncode } from './url-writer.ts';

/** What a template may name. */
export type Values = Record<string, string>;

/** Fills in a template as Go's html/template does, which knows a link's address from text. */
export function fillIn(template: string, values: Values): string {
  const fill = (text: string, show: (value: string, before: string) => string) =>
    text.replaceAll(/\{\{ \.(\w+) \}\}/g, (_, name, at) => escapeHtml(show(values[name] ?? '', text.slice(0, at))));
  const withAddresses = template.replaceAll(/href="([^"]*)"/g, (_, address) => `href="${fill(address, inAddress)}"`);
  return fill(withAddresses, (value) => value);
}

/** As Go's html/template spells it. */
const encoded = (characters: string) => percentEncode(characters).toLowerCase();

/** A value in a link's address: encoded in its query, elsewhere only what would end it. One that begins it may lead to the web or to mail only. */
function inAddress(value: string, before: string): string {
  if (/[?#]/.test(before)) return value.replaceAll(/[^\w.~-]/gu, encoded);
  if (before === '' && /^(?!https?:|mailto:)[^/:]*:/i.test(value)) return '#ZgotmplZ';
  return escapeAddress(value);
}

/** An address with what would end it encoded; what is encoded already stays. */
export function escapeAddress(address: string): string {
  return address.replaceAll(/[^\w.~!#$&*+,/:;=?@[\]%-]|%(?![\da-f]{2})/giu, encoded);
}

/** As Go's html/template does. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&'+<>"]/g, (character) => {
    const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
    return names[character] ?? `&#${character.charCodeAt(0)};`;
  });
}
