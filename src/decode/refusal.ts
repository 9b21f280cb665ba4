/** Explains an error of Auth in any form in which you may find it. */
import type { KnownError } from '../book/known-error.ts';
import { type Finding, shown } from './finding.ts';

export interface Refusal {
  code?: string | undefined;
  /** The name that supabase-js gives the error. */
  name?: string | undefined;
  status?: number | undefined;
  message?: string | undefined;
}

/** Reads an error. `source` says where it was found, and `more` what else is known about it. */
export function readRefusal(
  refusal: Refusal,
  source: string,
  book: readonly KnownError[],
  more: Finding['says'] = [],
): Finding {
  const { code, name, status, message } = refusal;
  const known = find(refusal, book);
  const codes = known.map((error) => error.code);
  const says: Finding['says'] = [['Recognized as', source]];
  if (code) says.push(['Code', `\`${shown(code)}\``]);
  else if (known.length > 0 && codes[0] !== name) says.push(['Code', `${inCode(codes)}, going by the message`]);
  if (name) says.push(['In supabase-js', `\`${shown(name)}\``]);
  if (status !== undefined) says.push(['Status', String(status)]);
  if (message) says.push(['Message', shown(message)]);
  const fromEach = (of: (error: KnownError) => string) =>
    known.length > 1 ? known.map((error) => `\`${error.code}\`: ${of(error)}`) : known.map(of);
  return {
    title: `Error: ${codes.join(' or ') || shown(code ?? name ?? 'unknown')}`,
    state: 'refused',
    says: [...says, ...more],
    why:
      fromEach(({ cause }) => cause).join(' ') ||
      'It looks like an error from Supabase Auth, but this guide doesn’t know it.',
    todo: fromEach(({ fix }) => fix).join(' ') || 'Search the Errors page for its code or its message.',
    links: [
      ...known.flatMap(({ page }) => page ?? []),
      ...(known.length > 0
        ? codes.map((one) => ({ path: `errors/#${one}`, text: `${one} on the Errors page` }))
        : [{ path: 'errors/', text: 'All errors' }]),
    ],
  };
}

const inCode = (codes: string[]) => codes.map((code) => `\`${code}\``).join(' or ');

/**
 * Returns what the book says about an error. The message decides within a code. Without a code, the message alone
 * decides, and it can belong to several codes. Empty if the book knows neither.
 */
function find({ code, name, message }: Refusal, book: readonly KnownError[]): KnownError[] {
  for (const key of [code, name]) {
    if (!key) continue;
    const ofCode = book.filter((error) => error.code === key);
    const [known] = [...(message ? withMessage(message, ofCode) : []), ...ofCode];
    if (known) return [known];
  }
  return message ? withMessage(message, book) : [];
}

/** Returns the errors with this exact message, or else those whose message is part of it. */
function withMessage(message: string, book: readonly KnownError[]): KnownError[] {
  const whole = book.filter(({ messages }) => messages.some((known) => pattern(known, true).test(message)));
  if (whole.length > 0) return whole;
  return book.filter(({ messages }) => messages.some((known) => pattern(known).test(message))).slice(0, 1);
}

/** Returns a pattern that matches a message with any text in place of "…". */
export function pattern(message: string, whole = false): RegExp {
  const parts = message.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const source = parts.join('[^\\n]{0,300}?');
  return new RegExp(whole ? `^${source}$` : source);
}
