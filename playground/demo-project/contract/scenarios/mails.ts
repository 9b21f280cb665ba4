/** A project's own recovery emails: the templates that the guide offers, and how templates change URLs. */
import { codeIn, open, pkce } from '../given.ts';
import { scenario } from '../scenario.ts';

/** Returns the token hash in a link to a page of the app. Throws if there is none. */
function hashIn(link: string | undefined): string {
  const hash = link && new URL(link).searchParams.get('token_hash');
  if (!hash) throw new Error(`no token_hash in ${link}`);
  return hash;
}

export const heading = 'Email templates';

export const scenarios = [
  ...[
    { name: 'a-mail-that-links-to-the-app', flow: {}, title: 'An email can link to a page of the app' },
    { name: 'a-mail-that-links-to-the-app-pkce', flow: pkce, title: 'A PKCE email can link to a page of the app too' },
  ].map(({ name, flow, title }) =>
    scenario(
      name,
      `${title}: opening it uses nothing up, and its hash works once, in any browser`,
      async (project) => {
        const ada = await project.given.user();
        await project.send('POST /recover', { body: { email: ada.email, ...flow } });
        const [mail] = await project.mails(ada.email);
        const body = { type: 'recovery', token_hash: hashIn(mail?.links[0]) };
        await project.send('POST /verify', { body });
        await project.send('POST /verify', { body });
      },
      'recovery-link-mail',
    ),
  ),
  scenario(
    'a-mail-with-a-code',
    'An email can have a code to type and no link',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      const [mail] = await project.mails(ada.email);
      const body = { type: 'recovery', email: ada.email, token: project.name(codeIn(mail), 'code') };
      await project.send('POST /verify', { body });
      await project.send('POST /verify', { body });
    },
    'recovery-code-mail',
  ),
  scenario(
    'a-mail-with-the-redirect',
    "A template rejects an app's address such as myapp://, and encodes the redirect in a query",
    async (project) => {
      const ada = await project.given.user();
      for (const target of ['myapp://reset', 'http://localhost:4200/reset?x=a b&y=ü', 'http://localhost:4200/(x)']) {
        await project.pass('2s');
        await project.send(`POST /recover?redirect_to=${encodeURIComponent(target)}`, { body: { email: ada.email } });
        await project.mails(ada.email);
      }
    },
    'mail-with-redirect',
  ),
  scenario(
    'a-mail-with-code-and-link',
    'The code and the link in an email are the same token: using either uses up both',
    async (project) => {
      const ada = await project.given.user();
      await project.send('POST /recover', { body: { email: ada.email } });
      const [mail] = await project.mails(ada.email);
      const code = project.name(/>(\d{6})</.exec(mail?.html ?? '')?.[1] ?? '', 'code');
      await project.send('POST /verify', { body: { type: 'recovery', email: ada.email, token: code } });
      await project.send(open(mail?.links[2]));
    },
    'mail-with-redirect',
  ),
];
