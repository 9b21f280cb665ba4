/** What an error of Auth says, in any of the forms in which one meets it. */
import { causes, codeOfMessage } from './errors.ts';
import { type Finding, shown } from './finding.ts';

export interface Refusal {
  code?: string | undefined;
  /** The name that supabase-js gives it. */
  name?: string | undefined;
  status?: number | undefined;
  message?: string | undefined;
}

/** Reads an error. `source` says where it stood, `more` what else is known of it. */
export function readRefusal(
  { code, name, status, message }: Refusal,
  source: string,
  more: Finding['says'] = [],
): Finding {
  const known = [code, name, message && codeOfMessage(message)].find((key) => key && Object.hasOwn(causes, key));
  const cause = known === undefined ? undefined : causes[known];
  const says: Finding['says'] = [['Found as', source]];
  if (code) says.push(['Code', `\`${shown(code)}\``]);
  else if (known && known !== name) says.push(['Code', `\`${known}\`, going by the message`]);
  if (name) says.push(['In supabase-js', `\`${shown(name)}\``]);
  if (status !== undefined) says.push(['Status', String(status)]);
  if (message) says.push(['Message', shown(message)]);
  return {
    title: `Refused: ${known ?? shown(code ?? name ?? 'an error')}`,
    state: 'refused',
    says: [...says, ...more],
    why: cause?.why ?? 'It has the form of an error of Supabase Auth, but this page has no entry for it.',
    todo: cause?.todo ?? 'Look for its code or message among the errors of this guide.',
    link: cause?.link ?? { path: 'errors/', text: 'Errors' },
  };
}
