/** Templates, as Go's html/template renders them. */
import { percentEncode } from './url-writer.ts';

/** The variables a template can use. */
export type Values = Record<string, string>;

/** Renders a template like Go's html/template, which escapes links and text differently. */
export function fillIn(template: string, values: Values): string {
  const fill = (text: string, show: (value: string, before: string) => string) =>
    text.replaceAll(/\{\{ \.(\w+) \}\}/g, (_, name, at) => escapeHtml(show(values[name] ?? '', text.slice(0, at))));
  const withAddresses = template.replaceAll(/href="([^"]*)"/g, (_, address) => `href="${fill(address, inAddress)}"`);
  return fill(withAddresses, (value) => value);
}

/** html/template writes lowercase hexadecimal digits. */
const encoded = (characters: string) => percentEncode(characters).toLowerCase();

/**
 * Escapes a value inside a link: everything in the query, but elsewhere only what would end the URL. A value that starts
 * the link may only have the scheme http, https, or mailto.
 */
function inAddress(value: string, before: string): string {
  if (/[?#]/.test(before)) return value.replaceAll(/[^\w.~-]/gu, encoded);
  if (before === '' && /^(?!https?:|mailto:)[^/:]*:/i.test(value)) return '#ZgotmplZ';
  return escapeAddress(value);
}

/** Encodes the characters that would end the URL, and keeps existing escapes. */
export function escapeAddress(address: string): string {
  return address.replaceAll(/[^\w.~!#$&*+,/:;=?@[\]%-]|%(?![\da-f]{2})/giu, encoded);
}

/** Escapes text the way Go's html/template does. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&'+<>"]/g, (character) => {
    const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
    return names[character] ?? `&#${character.charCodeAt(0)};`;
  });
}
