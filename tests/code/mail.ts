/** An email, in Mailpit's format. */
export interface Mail {
  Subject: string;
  Text: string;
  HTML: string;
}

/**
 * Returns the newest email to an address. `inbox` is the base URL of a Mailpit API. Auth sends an email before it
 * answers, so you don't need to wait (unless GOTRUE_MAILER_EMAIL_BACKGROUND_SENDING is on). Throws if there's no email.
 */
export async function newestMail(inbox: string, to: string, fetch = globalThis.fetch): Promise<Mail> {
  const read = async (path: string) => (await fetch(`${inbox}/api/v1/${path}`)).json();
  const { messages } = await read(`search?query=${encodeURIComponent(`to:"${to}"`)}`);
  if (messages.length === 0) throw new Error(`There is no mail to ${to} in ${inbox}.`);
  return read(`message/${messages[0].ID}`);
}

/** Returns the URL of the email's link. Throws if there's no link. */
export function linkIn({ HTML }: Mail): string {
  const [, href] = /href="([^"]+)"/.exec(HTML) ?? [];
  if (!href) throw new Error(`There is no link in ${HTML}`);
  return href.replaceAll('&amp;', '&');
}

/** Returns the six digits in the email. Throws if there are none. */
export function codeIn({ Text }: Mail): string {
  const [code] = /\b\d{6}\b/.exec(Text) ?? [];
  if (!code) throw new Error(`There is no code in ${Text}`);
  return code;
}
