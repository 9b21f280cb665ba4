/** Recorded steps as text. Messages look as in HTTP and email: first line, headers, an empty line, and the body. */
import { type Json, print } from '../../playground/demo-project/contract/json.ts';
import type { Answer, RecordedMail, RecordedStep, Request } from '../../playground/demo-project/contract/recording.ts';

const text = (value: Json) => (typeof value === 'string' ? value : print(value));

function message(start: string[], headers: { [name: string]: Json }, body: Json = ''): string {
  const head = [...start, ...Object.entries(headers).map(([name, value]) => `${name}: ${text(value)}`)];
  return `${head.join('\n')}\n\n${text(body)}`.trimEnd();
}

export function requestText({ method, path, headers, body }: Request): string {
  return message([`${method} ${path}`], headers, body);
}

export function responseText({ status, headers, body }: Answer): string {
  return message([`${status}`], headers, body);
}

function mailText({ from, to, subject, html, links }: RecordedMail): string {
  return message(
    [],
    { from, to, subject, ...(links.length > 0 && { links: links.map(text).join('\n       ') }) },
    html,
  );
}

/** Returns a step that isn't a call: a sentence that says what it is, and what was found. */
export function observation(step: Exclude<RecordedStep, { request: Request }>): { sentence: string; found: string[] } {
  if ('given' in step) return { sentence: `Given: ${step.given}.`, found: [] };
  if ('advance' in step) return { sentence: `Time passes: ${step.advance}.`, found: [] };
  if ('mails' in step) return list(`email to ${step.to}`, step.mails.map(mailText));
  if ('texts' in step) return list('text message, as the send-SMS hook gets it', step.texts.map(text));
  return list('line in the log', step.log.map(text));
}

function list(what: string, found: string[]): { sentence: string; found: string[] } {
  return { sentence: found.length === 0 ? `No ${what.replace(/,.*/, '')}.` : `Then there is a ${what}:`, found };
}
