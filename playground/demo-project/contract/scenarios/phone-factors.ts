/** `/factors` with a phone. The code arrives as a text message. */

import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import { sessionOf } from '../given.ts';
import { scenario } from '../scenario.ts';

const enroll = (project: Client, as: Session, phone: unknown, friendly_name = 'phone') =>
  project.send<{ id: string }>('POST /factors', {
    as,
    body: { factor_type: 'phone', phone: phone as string, friendly_name },
  });

const challenge = (project: Client, as: Session, id: string) =>
  project.send<{ id: string }>(`POST /factors/${id}/challenge`, { as, body: { channel: 'sms' } });

const verify = (project: Client, as: Session, id: string, challenge_id: string, code: string | undefined) =>
  project.send(`POST /factors/${id}/verify`, { as, body: { challenge_id, code: code ?? null } });

/** Returns a different code. */
const other = (code: string | undefined) => (code === '111111' ? '222222' : '111111');

export const heading = 'Phone factors';

export const scenarios = [
  scenario(
    'phone-factor',
    'Enroll a phone, get a text message, verify: the session is at aal2 with mfa/phone',
    async (project) => {
      const ada = await project.given.user();
      const { id } = (await enroll(project, ada.session, `+${project.phone(1)}`)).body;
      await project.advance('2s');
      const asked = await project.sendLogged<{ id: string }>(`POST /factors/${id}/challenge`, {
        as: ada.session,
        body: { channel: 'sms' },
      });
      const [text] = await project.texts();
      const raised = sessionOf(
        await project.sendLogged(`POST /factors/${id}/verify`, {
          as: ada.session,
          body: { challenge_id: asked.body.id, code: text?.sms.otp ?? null },
        }),
      );
      await project.send('GET /user', { as: raised });
    },
  ),
  scenario(
    'phone-factor-lifts-a-recovery-session',
    'A phone factor raises a recovery session, as TOTP does',
    async (project) => {
      const ada = await project.given.user();
      const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(1));
      const recovery = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      const { body } = await challenge(project, recovery, phone.id);
      const [text] = await project.texts();
      await verify(project, recovery, phone.id, body.id, text?.sms.otp);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
    },
  ),
  scenario('phone-factor-numbers', 'Valid and invalid phone numbers for a factor', async (project) => {
    const ada = await project.given.user();
    for (const [index, phone] of [
      undefined,
      null,
      '',
      'x',
      '0123',
      '+',
      '12',
      '+49 151 1234567',
      '4915112345678',
      '+1234567890123456',
      49151,
    ].entries()) {
      await enroll(project, ada.session, phone, `phone ${index}`);
    }
    await project.send('GET /user', { as: ada.session });
  }),
  scenario(
    'a-test-number-of-a-factor-gets-a-random-code',
    "The fixed code of a test number doesn't work for a phone factor, whose text message has a random code",
    async (project) => {
      const ada = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(ada.session, '15550001111');
      const { body } = await challenge(project, ada.session, id);
      const [text] = await project.texts();
      await verify(project, ada.session, id, body.id, '123456');
      await project.advance('2s'); // the order in amr depends on the second
      await verify(project, ada.session, id, body.id, text?.sms.otp);
    },
    'test-numbers',
  ),
  scenario(
    'phone-factor-same-number',
    'A new factor replaces an unverified factor with the same number, but not a verified factor',
    async (project) => {
      const ada = await project.given.user();
      await enroll(project, ada.session, project.phone(1), 'first');
      await enroll(project, ada.session, project.phone(1), 'second');
      await project.send('GET /user', { as: ada.session });
      const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(2), 'third');
      await enroll(project, phone.session, `+${project.phone(2)}`, 'fourth');
    },
  ),
  scenario(
    'two-phone-factors-with-two-numbers',
    'A user can have a verified phone factor for each of several numbers',
    async (project) => {
      const ada = await project.given.user();
      const first = await project.given.verifiedPhoneFactor(ada.session, project.phone(1), 'first');
      const second = await project.given.verifiedPhoneFactor(first.session, project.phone(2), 'second');
      await project.send('GET /user', { as: second.session });
      await enroll(project, second.session, project.phone(2), 'third');
    },
  ),
  scenario(
    'phone-challenge-bodies',
    'A phone challenge needs JSON; with a hook, any channel is accepted',
    async (project) => {
      const ada = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      for (const raw of ['', '{', '[]', '{"channel":1}'])
        await project.send(`POST /factors/${id}/challenge`, { as: ada.session, raw });
      for (const body of [{}, { channel: 'whatsapp' }, { channel: 'pigeon' }, { channel: null }]) {
        await project.send(`POST /factors/${id}/challenge`, { as: ada.session, body });
        await project.texts();
        await project.pass('2s');
      }
    },
  ),
  scenario(
    'phone-challenge-too-soon',
    'There must be a minute between two texts for a factor, even after a success',
    async (project) => {
      const ada = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      const first = await challenge(project, ada.session, id);
      const [text] = await project.texts();
      await project.sendLogged(`POST /factors/${id}/challenge`, { as: ada.session, body: { channel: 'sms' } });
      await project.advance('20s');
      await challenge(project, ada.session, id);
      const raised = sessionOf(await verify(project, ada.session, id, first.body.id, text?.sms.otp));
      await challenge(project, raised, id);
      await project.texts();
      await project.advance('41s');
      await challenge(project, raised, id);
      await project.texts();
    },
    'slow-text',
  ),
  scenario(
    'phone-limits-are-per-factor',
    'The limit for text messages is per factor',
    async (project) => {
      const ada = await project.given.user();
      const first = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1), 'first');
      const second = await project.given.unverifiedPhoneFactor(ada.session, project.phone(2), 'second');
      await challenge(project, ada.session, first);
      await challenge(project, ada.session, second);
      await project.texts();
    },
    'slow-text',
  ),
  scenario(
    'phone-wrong-code',
    "Wrong codes don't use up the challenge, and a code for another challenge is wrong",
    async (project) => {
      const ada = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      const first = await challenge(project, ada.session, id);
      await project.pass('2s');
      const second = await challenge(project, ada.session, id);
      const [older, newer] = await project.texts();
      await project.sendLogged(`POST /factors/${id}/verify`, {
        as: ada.session,
        body: { challenge_id: second.body.id, code: project.name(other(newer?.sms.otp), 'wrong code') },
      });
      await verify(project, ada.session, id, second.body.id, older?.sms.otp);
      await verify(project, ada.session, id, second.body.id, ` ${newer?.sms.otp} `);
      await verify(project, ada.session, id, second.body.id, newer?.sms.otp);
      await verify(project, ada.session, id, first.body.id, older?.sms.otp);
    },
  ),
  scenario(
    'phone-used-challenge',
    'A phone challenge works once; after that, the error is about IP addresses',
    async (project) => {
      const ada = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      const { body } = await challenge(project, ada.session, id);
      const [text] = await project.texts();
      await project.pass('2s'); // claims are sorted by whole seconds
      const raised = sessionOf(await verify(project, ada.session, id, body.id, text?.sms.otp));
      await verify(project, raised, id, body.id, text?.sms.otp);
    },
  ),
  scenario('phone-expired-challenge', 'The code in a text message lives as long as its challenge', async (project) => {
    const ada = await project.given.user();
    const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
    const { body } = await challenge(project, ada.session, id);
    const [text] = await project.texts();
    await project.advance('301s');
    await verify(project, ada.session, id, body.id, text?.sms.otp);
    await verify(project, ada.session, id, body.id, text?.sms.otp);
  }),
  scenario(
    'phone-challenge-from-another-address',
    'The IP address rule applies to phone factors too',
    async (project) => {
      const ada = await project.given.user();
      const id = await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
      const { body } = await project.send<{ id: string }>(`POST /factors/${id}/challenge`, {
        as: ada.session,
        body: {},
        headers: { 'x-forwarded-for': '203.0.113.1' },
      });
      const [text] = await project.texts();
      await verify(project, ada.session, id, body.id, text?.sms.otp);
    },
  ),
  scenario(
    'totp-and-phone',
    'With both factors verified, either can raise the session, and both are listed in amr',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(1));
      const session = await project.given.passwordSession(ada);
      await project.advance('2s');
      const { body } = await challenge(project, session, phone.id);
      const [text] = await project.texts();
      const raised = sessionOf(await verify(project, session, phone.id, body.id, text?.sms.otp));
      await project.advance('2s');
      const totp = await project.send<{ id: string }>(`POST /factors/${ada.factor.id}/challenge`, { as: raised });
      await verify(project, raised, ada.factor.id, totp.body.id, ada.factor.code());
    },
  ),
  scenario(
    'unenrol-a-phone-factor',
    'Removing a phone factor removes its method from the sessions it raised',
    async (project) => {
      const ada = await project.given.user();
      const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(1));
      await project.send(`DELETE /factors/${phone.id}`, { as: phone.session });
      await project.send('POST /token?grant_type=refresh_token', {
        body: { refresh_token: phone.session.refreshToken },
      });
    },
  ),
  scenario(
    'phone-factors-switched-off',
    'With phone factors off, none can be enrolled',
    async (project) => {
      const ada = await project.given.user();
      await enroll(project, ada.session, project.phone(1));
      await enroll(project, ada.session, 'x');
    },
    'phone-factors-off',
  ),
  scenario(
    'phone-verify-switched-off',
    'With verification off a phone factor can be enrolled but not challenged',
    async (project) => {
      const ada = await project.given.user();
      const { id } = (await enroll(project, ada.session, project.phone(1))).body;
      await challenge(project, ada.session, id);
      await verify(project, ada.session, id, '00000000-0000-4000-8000-000000000000', '123456');
      await project.texts();
    },
    'phone-verify-off',
  ),
];
