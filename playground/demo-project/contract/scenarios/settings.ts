/** Settings that differ from the defaults: lengths, lifetimes, redirect patterns, test numbers, and signing keys. */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import { claimsOf, codeIn, forge, open, sessionOf } from '../given.ts';
import { type Scenario, scenario as scenarioOf } from '../scenario.ts';

const password = 'a password';

const refresh = (project: Client, { refreshToken }: Session) =>
  project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: refreshToken } });

const otherValues = (name: string, title: string, steps: Scenario['steps']) =>
  scenarioOf(name, title, steps, 'other-values');

/** Throws unless the published key verifies the token. */
async function checkSignature(project: Client, session: Session): Promise<void> {
  const [header = '', claims = '', signature = ''] = session.accessToken.split('.');
  const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string; alg: string };
  const { keys } = (await project.given.call<{ keys: (JsonWebKey & { kid: string })[] }>('GET /.well-known/jwks.json'))
    .body;
  const published = keys.find((key) => key.kid === kid);
  if (!published) throw new Error(`no key ${kid} is published`);
  const key = { key: createPublicKey({ key: published, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  const holds = verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
  if (!holds) throw new Error(`the published ${alg} key does not verify the token`);
  project.note(`the published ${alg} key verifies the token`);
}

const signingKeys = (['ES256', 'RS256'] as const).map((algorithm) =>
  scenarioOf(
    `signing-keys-${algorithm.toLowerCase()}`,
    `A project with its own signing keys publishes the ${algorithm} key that verifies its tokens`,
    async (project) => {
      await project.send('GET /.well-known/jwks.json', { version: null });
      const session = sessionOf(
        await project.send('POST /signup', { body: { email: project.email('ada'), password } }),
      );
      await checkSignature(project, session);
      await project.send('GET /user', { as: session });
      await project.send('GET /admin/users?page=1&per_page=1&filter=nobody', { as: 'service' });
      const claims = claimsOf(session);
      const secret = project.target.jwtSecret;
      const { kid = '' } = JSON.parse(Buffer.from(session.accessToken.split('.')[0] ?? '', 'base64url').toString()) as {
        kid?: string;
      };
      const [header = '', payload = ''] = session.accessToken.split('.');
      for (const [name, token] of [
        ['signed with the secret', forge(claims, secret)],
        ['signed with the secret, naming the key', forge(claims, secret, { kid })],
        ['signed with another secret', forge(claims, 'another-secret-with-at-least-32-characters')],
        ['naming an unknown key', forge(claims, secret, { alg: algorithm, kid: 'unknown' })],
        ['without name of the key', forge(claims, secret, { alg: algorithm })],
        ['bad signature', `${header}.${payload}.${'A'.repeat(algorithm === 'ES256' ? 86 : 342)}`],
        ['signature too short', `${header}.${payload}.AAAA`],
        ['alg none', forge(claims, secret, { alg: 'none' })],
      ] as const) {
        project.name(token, `token: ${name}`);
        await project.send('GET /user', { as: token });
      }
    },
    algorithm === 'ES256' ? 'signing-key-es256' : 'signing-key-rs256',
  ),
);

export const heading = 'Settings';

export const scenarios = [
  otherValues('site-url', "Links and issuers are based on the site's address", async (project) => {
    const ada = await project.given.user();
    await project.given.unverifiedFactor(ada.session, 'first');
    await project.send('POST /factors', { as: ada.session, body: { factor_type: 'totp', friendly_name: 'second' } });
    await project.send('POST /recover', { body: { email: ada.email } });
    const [mail] = await project.mails(ada.email);
    await project.send(open(mail?.links[0]));
  }),
  otherValues('redirect-patterns', 'Patterns for addresses that a link can lead to', async (project) => {
    const ada = await project.given.user();
    for (const to of [
      'https://app.example.com/elsewhere?x=1',
      'https://app.example.com:444/',
      'http://app.example.com/',
      'https://exact.example.com/reset',
      'https://exact.example.com/reset/',
      'https://exact.example.com/reset?x=1',
      'https://exact.example.com/reset#x',
      'https://one.star.example.com/reset',
      'https://one.two.star.example.com/reset',
      'https://one.star.example.com/reset/deep',
      'https://one.double.example.com/reset/deep/er',
      'https://one.two.double.example.com/reset',
      'https://a.question.example.com/reset',
      'https://ab.question.example.com/reset',
      'myapp://reset',
      'myapp://reset/deep',
      'http://localhost:3000/reset',
      'http://127.0.0.1:3000/reset',
    ]) {
      await project.send(`POST /recover?redirect_to=${encodeURIComponent(to)}`, { body: { email: ada.email } });
      await project.mails(ada.email);
      await project.pass('2s');
    }
  }),
  otherValues(
    'code-lengths',
    'Codes can have other lengths in emails, in text messages and for phone factors',
    async (project) => {
      const ada = await project.given.user();
      await project.send('GET /reauthenticate', { as: ada.session });
      const [mail] = await project.mails(ada.email);
      project.note(`the code in the mail has ${codeIn(mail).length} digits`);
      const link = await project.send<{ email_otp: string }>('POST /admin/generate_link', {
        as: 'service',
        body: { type: 'recovery', email: ada.email },
      });
      project.note(`the code of the link has ${link.body.email_otp.length} digits`);
      const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      await project.given.challenge(ada.session, { id });
      const [text] = await project.texts();
      project.note(`the code in the text message has ${text?.sms.otp.length} digits`);
    },
  ),
  otherValues('code-lives', 'Codes can expire after five minutes', async (project) => {
    const ada = await project.given.user();
    const link = await project.given.recoveryLink(ada);
    await project.advance('301s');
    await project.send(open(link));
  }),
  otherValues('token-life', 'Access tokens can expire after ten minutes', async (project) => {
    await project.send('POST /signup', { body: { email: project.email('ada'), password } });
  }),
  otherValues(
    'refresh-without-reuse-interval',
    'Without an interval, only the parent of the active token can be used again',
    async (project) => {
      const ada = await project.given.user();
      const second = sessionOf(await refresh(project, ada.session));
      await refresh(project, ada.session);
      await refresh(project, second);
      await refresh(project, ada.session);
      await refresh(project, second);
    },
  ),
  scenarioOf(
    'refresh-without-rotation',
    'Without rotation, a refresh token stays the same',
    async (project) => {
      const ada = await project.given.user();
      await refresh(project, ada.session);
      await refresh(project, ada.session);
    },
    'no-rotation',
  ),
  scenarioOf(
    'change-email-confirmed-once',
    'Without secure email change, confirming the new address is enough',
    async (project) => {
      const ada = await project.given.confirmedUser();
      const address = project.email('lovelace');
      await project.send('PUT /user', { as: ada.session, body: { email: address } });
      await project.mails(ada.email);
      const [mail] = await project.mails(address);
      await project.send(open(mail?.links[0]));
      await project.send('POST /admin/generate_link', {
        as: 'service',
        body: { type: 'email_change_current', email: address, new_email: project.email('byron') },
      });
    },
    'single-confirm',
  ),
  scenarioOf(
    'test-numbers',
    'A test number gets its fixed code and no text message',
    async (project) => {
      const phone = '15550001111';
      await project.send('POST /otp', { body: { phone } });
      await project.texts();
      await project.send('POST /verify', { body: { type: 'sms', phone, token: '654321' } });
      const { body } = await project.send<{ user: { id: string } }>('POST /verify', {
        body: { type: 'sms', phone, token: '123456' },
      });
      await project.send('POST /verify', { body: { type: 'sms', phone, token: '123456' } });
      await project.given.call(`DELETE /admin/users/${body.user.id}`, { as: 'service', body: {} });
    },
    'test-numbers',
  ),
  ...signingKeys,
];
