/** A mail, in Mailpit's words. */
export interface Mail {
  Subject: string;
  Text: string;
  HTML: string;
}

/**
 * The newest mail to an address. `inbox` is the base of a Mailpit API. Auth sends an email before it answers, so there is
 * nothing to wait for (unless GOTRUE_MAILER_EMAIL_BACKGROUND_SENDING is on). Throws when there is none.
 */
export async function newestMail(inbox: string, to: string, fetch = globalThis.fetch): Promise<Mail> {
  const read = async (path: string) => (await fetch(`${inbox}/api/v1/${path}`)).json();
  const { messages } = await read(`search?query=${encodeURIComponent(`to:"${to}"`)}`);
  if (messages.length === 0) throw new Error(`There is no mail to ${to} in ${inbox}.`);
  return read(`message/${messages[0].ID}`);
}

/** Where the mail's link leads. Throws when it has none. */
export function linkIn({ HTML }: Mail): string {
  const [, href] = /href="([^"]+)"/.exec(HTML) ?? [];
  if (!href) throw new Error(`There is no link in ${HTML}`);
  return href.replaceAll('&amp;', '&');
}

/** The mail's six digits. Throws when it has none. */
export function codeIn({ Text }: Mail): string {
  const [code] = /\b\d{6}\b/.exec(Text) ?? [];
  if (!code) throw new Error(`There is no code in ${Text}`);
  return code;
}
