/** Reads where a mailed link leads: the links themselves, and the addresses they bring the user back to. */
import { type Finding, type Link, shown } from './finding.ts';
import { readRefusal } from './refusal.ts';
import { readToken } from './token.ts';

/** Addresses, and the query or fragment of one alone. */
export const linkPattern = /(?<![\w+.-])[\w+.-]+:\/\/[^\s"'<>`]+|(?<![^\s"'`(])[#?][^\s"'<>`]+/g;

const request: Link = { path: 'reset-a-password-with-mfa/#1-send-the-link', text: 'Send the link' };
const stepUp: Link = {
  path: 'reset-a-password-with-mfa/#2-does-this-user-need-a-step-up',
  text: 'Does this user need a step-up?',
};

/** What a link says: nothing if it has none of Auth's parameters. */
export function readLink(link: string, now: number): Finding[] {
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
      readRefusal({ code: errorCode, message: has['error_description'] }, 'the address that a refused link leads to', [
        ...leadsTo,
        ...word,
      ]),
    ];
  }
  if (token) {
    return [
      {
        title: `Address after a ${type ? `${shown(type)} ` : ''}link, with a session in it`,
        state: 'none',
        says: [['Found as', 'the end of the implicit flow: tokens in the fragment'], ...leadsTo, ...kind],
        why: 'The mailed link was used, and Auth has opened a session. The fragment stays in the browser: no server gets it.',
        todo: 'supabase-js takes it from the address by itself when the page loads. Never pass this address on: it is the session.',
        link: stepUp,
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
          ['Found as', 'the end of the PKCE flow: a code to exchange'],
          ...leadsTo,
          ['code', `\`${shown(code)}\`, good for one exchange`],
        ],
        why: 'The mailed link was used. There is no session until the code is exchanged, in the browser that asked for the mail and, for a recovery, within five minutes of asking.',
        todo: 'supabase-js exchanges it by itself when the page loads; on a server call `exchangeCodeForSession(code)`. The address has no `type`: mark your `redirectTo`.',
        link: request,
      },
    ];
  }
  if (mailed && /\/verify$/.test(to)) {
    return [
      {
        title: `Mailed ${type ? `${shown(type)} ` : ''}link, as Auth sends it`,
        state: 'none',
        says: [
          ['Found as', 'the link of a mail, to Auth itself'],
          ...leadsTo,
          ...kind,
          [
            'token',
            mailed.startsWith('pkce_')
              ? 'asked for in the PKCE flow: it leads to a `?code=`'
              : 'asked for in the implicit flow: it leads to an `#access_token=`',
          ],
          ['redirect_to', shown(has['redirect_to'] ?? 'missing: the Site URL')],
        ],
        why: 'Opening it once uses it up, also when a link scanner does. It has not been opened here.',
        todo: "If `redirect_to` is not where you sent the user, the address you gave is not on the project's list of redirect URLs. Never pass the link on: it signs in.",
        link: request,
      },
    ];
  }
  if (hash) {
    return [
      {
        title: `Link with a token_hash${type ? `, for ${shown(type)}` : ''}`,
        state: 'none',
        says: [['Found as', 'the link of a mail, to a page of yours'], ...leadsTo, ...kind],
        why: 'The page has to hand the hash to Auth. That works in any browser and on a server, once, and opening the link alone does not use it up.',
        todo: `On a button: \`verifyOtp({ token_hash, type: '${type ? shown(type) : 'recovery'}' })\`. Never pass the link on: it signs in.`,
        link: stepUp,
      },
    ];
  }
  return [];
}
