/** `/admin`: what a test suite needs to create and inspect users. Everything requires the service key. */

import type { Client } from '../client.ts';
import { open, sessionOf } from '../given.ts';
import type { Json } from '../json.ts';
import { scenario } from '../scenario.ts';

const password = 'a password';
const unknown = '00000000-0000-4000-8000-000000000000';

const create = (project: Client, body: { [key: string]: Json }) =>
  project.send<{ id: string }>('POST /admin/users', { as: 'service', body });

const generate = (project: Client, body: { [key: string]: Json }) =>
  project.send<{ action_link: string; email_otp: string; hashed_token: string }>('POST /admin/generate_link', {
    as: 'service',
    body,
  });

export const heading = 'Administration';

export const scenarios = [
  scenario(
    'admin-needs-the-service-key',
    'Every admin route is refused without the service key, even unknown routes',
    async (project) => {
      const ada = await project.given.user();
      for (const route of [
        'GET /admin/users',
        'POST /admin/users',
        `GET /admin/users/${ada.id}`,
        `PUT /admin/users/${ada.id}`,
        `DELETE /admin/users/${ada.id}`,
        `GET /admin/users/${ada.id}/factors`,
        `DELETE /admin/users/${ada.id}/factors/${unknown}`,
        'POST /admin/generate_link',
        'POST /invite',
        'GET /admin/audit',
        'GET /admin/nonsense',
        'PATCH /admin/users',
      ]) {
        await project.send(route);
        await project.send(route, { as: 'anon' });
        await project.send(route, { as: ada.session });
        await project.send(route, { as: project.name('garbage', 'garbage') });
      }
    },
  ),
  scenario('admin-create-user', 'An admin can create users, confirmed or unconfirmed', async (project) => {
    const email = project.email('ada');
    const created = await project.sendLogged<{ id: string }>('POST /admin/users', {
      as: 'service',
      body: {
        email,
        password,
        email_confirm: true,
        user_metadata: { name: 'Ada' },
        app_metadata: { plan: 'pro' },
        role: 'authenticated',
      },
    });
    await project.mails(email);
    await project.send(`GET /admin/users/${created.body.id}`, { as: 'service' });
    await project.send('POST /token?grant_type=password', { body: { email, password } });
    await create(project, { email: project.email('grace'), password });
    await project.send('POST /token?grant_type=password', { body: { email: project.email('grace'), password } });
    await create(project, { phone: project.phone(1), password, phone_confirm: true });
    await project.send('POST /token?grant_type=password', { body: { phone: project.phone(1), password } });
    await create(project, {
      email: project.email('alan'),
      phone: `+${project.phone(2)}`,
      email_confirm: true,
      phone_confirm: true,
    });
  }),
  scenario('admin-create-user-bad-input', "Invalid users aren't created", async (project) => {
    const ada = await project.given.user();
    const email = project.email('grace');
    await project.given.call('POST /signup', { body: { phone: project.phone(1), password } });
    project.note('a user has signed up by phone');
    for (const body of [
      {},
      { email: 'grace' },
      { phone: 'x' },
      { email: ada.email },
      { phone: project.phone(1) },
      { email, password: 1 },
      { email, password: 'x'.repeat(73) },
      { email, password, password_hash: 'x' },
      { email, password_hash: 'nonsense' },
      { email, id: 'nonsense' },
      { email, id: '00000000-0000-0000-0000-000000000000' },
      { email, ban_duration: 'nonsense' },
      { email, user_metadata: [] },
    ]) {
      await create(project, body);
    }
    for (const raw of ['', '[]', '{']) await project.send('POST /admin/users', { as: 'service', raw });
  }),
  scenario(
    'admin-create-user-with-a-hash',
    'An admin can create a user with a bcrypt hash: the password stays what it was',
    async (project) => {
      const rest = '04$VyaIGHamYXX36lD1NpfhSuOpoiTUYnloQ1MemIJ5vwXa2TktccMwu';
      for (const version of ['2a', '2b', '2y']) {
        const email = project.email(`user-${version}`);
        await create(project, { email, password_hash: `$${version}$${rest}`, email_confirm: true });
        await project.send('POST /token?grant_type=password', { body: { email, password: 'a password' } });
        await project.send('POST /token?grant_type=password', { body: { email, password: 'another password' } });
      }
      const refused = [`$3b$${rest}`, `$2b$32${rest.slice(2)}`, `$2b$xx${rest.slice(2)}`, `$2b$${rest}`.slice(0, -2)];
      for (const hash of refused) await create(project, { email: project.email('nobody'), password_hash: hash });
    },
  ),
  scenario('admin-create-user-with-id', "An admin can choose the user's id if it isn't taken", async (project) => {
    const id = crypto.randomUUID();
    await create(project, { id, email: project.email('ada'), password, email_confirm: true });
    await create(project, { id, email: project.email('grace'), email_confirm: true });
    await project.send('POST /token?grant_type=password', { body: { email: project.email('ada'), password } });
  }),
  scenario('admin-list-users', 'Users are listed in pages, newest first', async (project) => {
    const tag = project.run;
    for (const name of ['ada', 'grace', 'alan']) {
      await project.given.call('POST /admin/users', {
        as: 'service',
        body: { email: project.email(name), email_confirm: true },
      });
      await project.pass('1s');
    }
    project.note('an admin has created ada, grace and alan');
    for (const query of [
      `filter=${tag}&page=1&per_page=2`,
      `filter=${tag}&page=2&per_page=2`,
      `filter=${tag}&page=3&per_page=2`,
      `filter=${tag}&sort=created_at asc`,
      `filter=ada.${tag}`,
      `filter=nobody.${tag}`,
      `filter=${tag}&page=0`,
      `filter=${tag}&page=x`,
      `filter=${tag}&per_page=x`,
      `filter=${tag}&per_page=-1`,
      `filter=${tag}&sort=email`,
      `filter=${tag}&sort=created_at sideways`,
    ]) {
      await project.send(`GET /admin/users?${query.replaceAll(' ', '%20')}`, { as: 'service' });
    }
  }),
  scenario('admin-get-user', 'An admin can read a user; invalid ids are refused', async (project) => {
    const ada = await project.given.userWithFactor();
    await project.sendLogged(`GET /admin/users/${ada.id}`, { as: 'service' });
    await project.send(`GET /admin/users/${unknown}`, { as: 'service' });
    await project.send('GET /admin/users/nonsense', { as: 'service' });
    await project.send('DELETE /admin/users/nonsense', { as: 'service', body: {} });
  }),
  scenario('admin-update-user', 'An admin can change everything about a user', async (project) => {
    const ada = await project.given.user();
    for (const body of [
      {},
      { user_metadata: { nickname: 'Countess', gone: null } },
      { app_metadata: { plan: 'pro' } },
      { user_metadata: { nickname: null } },
      { email: project.email('lovelace') },
      { email: project.email('lovelace'), email_confirm: true },
      { phone: project.phone(1) },
      { phone: project.phone(1), phone_confirm: true },
      { role: 'teacher' },
      { ban_duration: '24h' },
      { ban_duration: 'none' },
    ]) {
      await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body });
    }
    await project.mails(project.email('lovelace'));
    await project.texts();
  }),
  scenario('admin-update-user-bad-input', 'Invalid changes to a user are refused', async (project) => {
    const ada = await project.given.user();
    const grace = await project.given.user('grace');
    for (const body of [
      { email: 'ada' },
      { phone: 'x' },
      { password: '' },
      { password: 'short' },
      { password: 'x'.repeat(73) },
      { ban_duration: 'nonsense' },
      { email: grace.email },
      { user_metadata: [] },
      { email_confirm: 'yes' },
    ]) {
      await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body });
    }
    await project.send(`PUT /admin/users/${unknown}`, { as: 'service', body: {} });
    await project.send(`GET /admin/users/${ada.id}`, { as: 'service' });
  }),
  scenario(
    'admin-sets-a-password',
    'A password set by an admin ends all sessions, needs no factor, and leaves the factors',
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.sendLogged(`PUT /admin/users/${ada.id}`, { as: 'service', body: { password: ada.password } });
      await project.send('GET /user', { as: ada.session });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
      const again = sessionOf(
        await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } }),
      );
      await project.send('PUT /user', { as: again, body: { password: 'a new password' } });
      await project.mails(ada.email);
    },
  ),
  scenario('admin-bans-a-user', 'A banned user is refused everywhere until the ban is over', async (project) => {
    const ada = await project.given.userWithFactor();
    await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { ban_duration: '1h' } });
    await project.send('GET /user', { as: ada.session });
    await project.send('PUT /user', { as: ada.session, body: { password: 'a new password' } });
    await project.send(`POST /factors/${ada.factor.id}/challenge`, { as: ada.session });
    await project.send('POST /logout', { as: ada.session });
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
    await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
    await project.send('POST /otp', { body: { email: ada.email } });
    await project.advance('61m');
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
  }),
  scenario('admin-deletes-a-user', 'Deleting a user deletes everything that belongs to them', async (project) => {
    const ada = await project.given.userWithFactor();
    await project.sendLogged(`DELETE /admin/users/${ada.id}`, { as: 'service', body: {} });
    await project.send('GET /user', { as: ada.session });
    await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
    await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
    await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service', body: {} });
    await project.send('POST /signup', { body: { email: ada.email, password: 'another password' } });
  }),
  scenario(
    'admin-deletes-a-user-softly',
    'A soft-deleted user stays, with all personal data hashed',
    async (project) => {
      const ada = await project.given.user();
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service', body: { should_soft_delete: true } });
      await project.send('GET /user', { as: ada.session });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
      await project.send('POST /signup', { body: { email: ada.email, password: 'another password' } });
    },
  ),
  scenario(
    'admin-changes-a-softly-deleted-user',
    'A soft-deleted user who gets an address again gets a new identity too',
    async (project) => {
      const ada = await project.given.user();
      await project.given.call(`DELETE /admin/users/${ada.id}`, { as: 'service', body: { should_soft_delete: true } });
      project.note('an admin has deleted ada softly');
      await project.send(`GET /admin/users/${ada.id}`, { as: 'service' });
      await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { email: ada.email } });
      await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body: { phone: project.phone(1) } });
      await project.send(`GET /admin/users/${ada.id}`, { as: 'service' });
    },
  ),
  scenario(
    'admin-delete-user-bodies',
    'Deleting a user needs no body, but an invalid body is refused',
    async (project) => {
      const ada = await project.given.user();
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service', raw: '{' });
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service', body: { should_soft_delete: 'yes' } });
      await project.send(`DELETE /admin/users/${ada.id}`, { as: 'service' });
    },
  ),
  scenario('admin-lists-factors', "An admin can list a user's factors, verified or not", async (project) => {
    const ada = await project.given.userWithFactor();
    await project.given.unverifiedPhoneFactor(ada.session, project.phone(1));
    await project.sendLogged(`GET /admin/users/${ada.id}/factors`, { as: 'service' });
    const grace = await project.given.user('grace');
    await project.send(`GET /admin/users/${grace.id}/factors`, { as: 'service' });
    await project.send(`GET /admin/users/${unknown}/factors`, { as: 'service' });
  }),
  scenario(
    'admin-deletes-a-factor',
    'Once the last verified factor is deleted, a waiting recovery session can set the password',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const recovery = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await project.sendLogged(`DELETE /admin/users/${ada.id}/factors/${ada.factor.id}`, { as: 'service' });
      await project.mails(ada.email);
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await project.send(`DELETE /admin/users/${ada.id}/factors/${ada.factor.id}`, { as: 'service' });
    },
  ),
  scenario(
    'admin-deletes-a-factor-without-mail',
    'Nobody is notified when an admin deletes a factor, even with notifications on',
    async (project) => {
      const ada = await project.given.userWithFactor();
      await project.mails(ada.email);
      await project.send(`DELETE /admin/users/${ada.id}/factors/${ada.factor.id}`, { as: 'service' });
      await project.mails(ada.email);
    },
    'notifications',
  ),
  scenario(
    'admin-ends-all-sessions-and-deletes-the-factor',
    'Waiting sessions and the old password stop working, and the user starts again with a new link',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const waiting = await project.given.recoverySession(ada);
      const body = { password: 'a password that nobody knows' };
      await project.send(`PUT /admin/users/${ada.id}`, { as: 'service', body });
      await project.send(`DELETE /admin/users/${ada.id}/factors/${ada.factor.id}`, { as: 'service' });
      await project.send('PUT /user', { as: waiting, body: { password: 'a new password' } });
      await project.send('POST /token?grant_type=password', { body: { email: ada.email, password: ada.password } });
      const recovery = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await project.given.verifiedFactor(recovery, 'new phone');
      await project.send('PUT /user', { as: recovery, body: { password: 'another password' } });
    },
  ),
  scenario(
    'admin-deletes-one-of-two-factors',
    'Sessions that were raised by another factor stay at aal2',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const second = await project.given.verifiedFactor(ada.session, 'second');
      const first = await project.given.stepUp(await project.given.passwordSession(ada), ada.factor);
      await project.send(`DELETE /admin/users/${ada.id}/factors/${ada.factor.id}`, { as: 'service' });
      await project.send('PUT /user', { as: first, body: { password: 'a new password' } });
      await project.send('PUT /user', { as: second.session, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'admin-factor-ids',
    "Ids of factors that don't exist or belong to another user are refused",
    async (project) => {
      const ada = await project.given.user();
      const grace = await project.given.userWithFactor('grace');
      for (const id of ['nonsense', unknown, grace.factor.id]) {
        await project.send(`DELETE /admin/users/${ada.id}/factors/${id}`, { as: 'service' });
        await project.send(`PUT /admin/users/${ada.id}/factors/${id}`, {
          as: 'service',
          body: { friendly_name: 'app' },
        });
      }
    },
  ),
  scenario('admin-renames-a-factor', "An admin can change a factor's name and number", async (project) => {
    const ada = await project.given.userWithFactor();
    const phone = await project.given.verifiedPhoneFactor(ada.session, project.phone(1));
    const factor = (id: string, body: { [key: string]: Json }) =>
      project.send(`PUT /admin/users/${ada.id}/factors/${id}`, { as: 'service', body });
    await factor(ada.factor.id, { friendly_name: 'Authenticator app' });
    await factor(ada.factor.id, {});
    await factor(ada.factor.id, { phone: project.phone(2) });
    await factor(phone.id, { phone: `+${project.phone(2)}` });
    await factor(phone.id, { phone: 'x' });
    await factor(phone.id, { friendly_name: 'Authenticator app' });
  }),
  ...['recovery', 'magiclink', 'invite', 'signup'].map((type) =>
    scenario(
      `generate-link-${type}-for-a-known-user`,
      `A generated link of type ${type} for a confirmed user, without an email`,
      async (project) => {
        const ada = await project.given.user();
        const { body } = await generate(project, {
          type,
          email: ada.email,
          password,
          redirect_to: 'http://localhost:3000/reset',
        });
        await project.mails(ada.email);
        if (body.action_link) await project.send(open(body.action_link));
      },
    ),
  ),
  ...['recovery', 'magiclink', 'invite', 'signup'].map((type) =>
    scenario(
      `generate-link-${type}-for-a-new-user`,
      `A generated link of type ${type} for an unknown address`,
      async (project) => {
        const { body } = await generate(project, {
          type,
          email: project.email('ada'),
          password,
          data: { name: 'Ada' },
        });
        if (body.action_link) await project.send(open(body.action_link));
      },
    ),
  ),
  ...['email_change_current', 'email_change_new'].map((type) =>
    scenario(`generate-link-${type.replaceAll('_', '-')}`, `A generated link of type ${type}`, async (project) => {
      const ada = await project.given.user();
      const { body } = await generate(project, { type, email: ada.email, new_email: project.email('lovelace') });
      await project.send(open(body.action_link));
      await project.send('GET /user', { as: ada.session });
    }),
  ),
  scenario('generate-link-bad-input', 'Invalid requests for a link are refused', async (project) => {
    const ada = await project.given.user();
    const grace = await project.given.user('grace');
    for (const body of [
      {},
      { type: 'recovery' },
      { type: 'recovery', email: 'ada' },
      { email: ada.email },
      { type: 'nonsense', email: ada.email },
      { type: 'nonsense', email: project.email('nobody') },
      { type: 'signup', email: project.email('nobody') },
      { type: 'signup', email: project.email('nobody'), password: 'short' },
      { type: 'email_change_new', email: ada.email },
      { type: 'email_change_new', email: ada.email, new_email: grace.email },
      { type: 'email_change_new', email: project.email('nobody'), new_email: project.email('lovelace') },
      { type: 1, email: ada.email },
      { type: 'recovery', email: ada.email, redirect_to: 'https://evil.example' },
    ]) {
      await generate(project, body);
    }
    await project.send('POST /admin/generate_link', { as: 'service', raw: '' });
  }),
  scenario(
    'generate-link-and-the-frequency-limit',
    'A generated link counts as an email: the user has to wait for the next',
    async (project) => {
      const ada = await project.given.user();
      const { body } = await generate(project, { type: 'recovery', email: ada.email });
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.advance('61s');
      await project.send('POST /recover', { body: { email: ada.email } });
      await project.send(open(body.action_link));
    },
    'slow-mail',
  ),
  scenario(
    'generate-link-cannot-change-password',
    'A session from a link created by an admin is at aal1 like any other',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const { body } = await generate(project, { type: 'recovery', email: ada.email });
      const session = sessionOf(
        await project.send('POST /verify', { body: { type: 'recovery', token_hash: body.hashed_token } }),
      );
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    },
  ),
  scenario('admin-signs-a-user-out', "An admin can sign a user out with that user's token", async (project) => {
    const ada = await project.given.user();
    const other = await project.given.passwordSession(ada);
    await project.send('POST /logout?scope=others', { as: ada.session });
    await project.send('GET /user', { as: other });
    await project.send('POST /logout', { as: 'service' });
  }),
  scenario('no-custom-providers', 'A new project has no custom OAuth providers', async (project) => {
    for (const path of ['', '/', '?type=oidc', '?type=oauth2', '?type=', '?type=saml']) {
      await project.send(`GET /admin/custom-providers${path}`, { as: 'service' });
    }
    await project.send('GET /admin/custom-providers');
    await project.send('GET /admin/custom-providers', { as: 'anon' });
  }),
];
