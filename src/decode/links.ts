/** Reads links from emails, and the addresses that they return the user to. */
import type { KnownError } from '../book/known-error.ts';
import { pages } from '../book/pages.ts';
import { type Finding, shown } from './finding.ts';
import { readRefusal } from './refusal.ts';
import { readToken } from './token.ts';

/** Matches URLs, and a query or fragment on its own. */
export const linkPattern = /(?<![\w+.-])[\w+.-]+:\/\/[^\s"'<>`]+|(?<![^\s"'`(])[#?][^\s"'<>`]+/g;

/** Returns what a link says. Empty if it has none of Auth's parameters. */
export function readLink(link: string, now: number, book: readonly KnownError[]): Finding[] {
  const [, to = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(link) ?? [];
  const has = {
    ...Object.fromEntries(new URLSearchParams(query)),
    ...Object.fromEntries(new URLSearchParams(fragment)),
  };
  const { access_token: token, error, error_code: errorCode, code, token_hash: hash, token: mailed, type } = has;
  const leadsTo: Finding['says'] = to ? [['Leads to', shown(to)]] : [];
  const kind: Finding['says'] = type ? [['type', `\`${shown(type)}\``]] : [];

  if (error || errorCode) {
    const word: Finding['says'] = error ? [['error', `\`${shown(error)}\``]] : [];
    return [
      readRefusal(
        { code: errorCode, message: has['error_description'] },
        'the address that a link leads to when Auth refuses it',
        book,
        [...leadsTo, ...word],
      ),
    ];
  }
  if (token) {
    return [
      {
        title: `Address after a ${type ? `${shown(type)} ` : ''}link, with a session in it`,
        state: 'none',
        says: [['Recognized as', 'the end of the implicit flow: tokens in the fragment'], ...leadsTo, ...kind],
        why: 'The user opened the link, and Auth started a session. The part after `#` stays in the browser; no server gets it.',
        todo: 'supabase-js reads the session from the address when the page loads. Never pass this address on: it gives full access to the session.',
        links: [pages.needed],
      },
      readToken(token, now),
    ];
  }
  if (code) {
    return [
      {
        title: 'Address after a link, with a code of the PKCE flow',
        state: 'none',
        says: [
          ['Recognized as', 'the end of the PKCE flow: a code to exchange'],
          ...leadsTo,
          ['code', `\`${shown(code)}\`, for one exchange`],
        ],
        why: 'The user opened the link, but there’s no session yet. The code must be exchanged in the browser that asked for the email, for a reset within five minutes of asking.',
        todo: 'supabase-js exchanges it when the page loads. On a server, call `exchangeCodeForSession(code)`.',
        links: [pages.send],
      },
    ];
  }
  if (mailed && /\/verify$/.test(to)) {
    return [
      {
        title: `Link from an email${type ? `, for ${shown(type)}` : ''}`,
        state: 'none',
        says: [
          ['Recognized as', 'a link from an email that leads to Auth'],
          ...leadsTo,
          ...kind,
          [
            'token',
            mailed.startsWith('pkce_')
              ? 'from the PKCE flow: it leads to an address with `?code=`'
              : 'from the implicit flow: it leads to an address with `#access_token=`',
          ],
          ['redirect_to', shown(has['redirect_to'] ?? 'missing: the Site URL')],
        ],
        why: 'Opening it once uses it up, even if an email scanner opens it. It wasn’t opened here.',
        todo: 'If `redirect_to` isn’t the address you passed, that address isn’t on the project’s list of redirect URLs. Never pass the link on: it signs the user in.',
        links: [pages.send],
      },
    ];
  }
  if (hash) {
    return [
      {
        title: `Link with a token_hash${type ? `, for ${shown(type)}` : ''}`,
        state: 'none',
        says: [['Recognized as', 'a link from an email that leads to your own page'], ...leadsTo, ...kind],
        why: 'Your page sends the hash to Auth. That works once, in any browser or on a server. Opening the link doesn’t use it up.',
        todo: `When the user presses a button, call \`verifyOtp({ token_hash, type: '${type ? shown(type) : 'recovery'}' })\`. Never pass the link on: it signs the user in.`,
        links: [pages.needed],
      },
    ];
  }
  return [];
}
