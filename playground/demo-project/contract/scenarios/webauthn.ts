/** WebAuthn: as a factor, and as a passkey to sign in with. */
import {
  type AlgorithmName,
  Authenticator,
  type CreationOptions,
  type Credential,
  flag,
  type RequestOptions,
} from '../authenticator.ts';
import type { Session } from '../calls.ts';
import type { Client } from '../client.ts';
import { type Person, sessionOf } from '../given.ts';
import type { Json } from '../json.ts';
import { type Scenario, scenario as scenarioOf } from '../scenario.ts';

const origin = 'http://localhost:4200';
const nobody = '00000000-0000-4000-8000-000000000000';

const scenario = (name: string, title: string, steps: Scenario['steps']) => scenarioOf(name, title, steps, 'webauthn');

interface Challenge {
  id: string;
  webauthn: { credential_options: { publicKey: CreationOptions & RequestOptions } };
}

const enroll = (project: Client, as: Session, friendly_name = 'key') =>
  project.send<{ id: string }>('POST /factors', { as, body: { factor_type: 'webauthn', friendly_name } });

const challenge = (project: Client, as: Session, id: string) =>
  project.send<Challenge>(`POST /factors/${id}/challenge`, { as, body: {} });

const verify = (
  project: Client,
  as: Session,
  id: string,
  challenge_id: string,
  type: string,
  credential_response: Json,
) =>
  project.sendLogged(`POST /factors/${id}/verify`, {
    as,
    body: { challenge_id, webauthn: { type, credential_response } },
  });

/** Enrolls and verifies a WebAuthn factor, which raises the session to aal2. */
async function verifiedKey(
  project: Client,
  as: Session,
  friendly_name: string,
): Promise<{ session: Session; key: Authenticator; factorId: string }> {
  const key = new Authenticator(origin);
  const enrolled = await project.given.call<{ id: string }>('POST /factors', {
    as,
    body: { factor_type: 'webauthn', friendly_name },
  });
  const { id } = enrolled.body;
  const asked = (await project.given.call<Challenge>(`POST /factors/${id}/challenge`, { as, body: {} })).body;
  const credential_response = key.create(asked.webauthn.credential_options.publicKey);
  const answer = await project.given.call(`POST /factors/${id}/verify`, {
    as,
    body: { challenge_id: asked.id, webauthn: { type: 'create', credential_response } },
  });
  project.note('in that session a WebAuthn factor was enrolled and verified');
  await project.pass('2s');
  return { session: sessionOf(answer), key, factorId: id };
}

/** Replaces parts of a credential's response, and of the rest of the credential if `rest` is given. */
function altered(credential: Credential, response: Credential, rest: Credential = {}): Credential {
  return { ...credential, ...rest, response: { ...(credential['response'] as Credential), ...response } };
}

/** Creates a user with a verified WebAuthn factor, in a session that it raised to aal2. */
async function userWithKey(project: Client): Promise<Person & { key: Authenticator; factorId: string }> {
  const ada = await project.given.user();
  return { ...ada, ...(await verifiedKey(project, ada.session, 'key')) };
}

/** Makes all calls that request a credential, while the settings are incomplete. */
async function unready(project: Client): Promise<void> {
  const ada = await project.given.user();
  const { id } = (await enroll(project, ada.session)).body;
  await project.sendLogged(`POST /factors/${id}/challenge`, { as: ada.session, body: {} });
  await project.sendLogged('POST /passkeys/registration/options', { as: ada.session });
  await project.sendLogged('POST /passkeys/authentication/options');
}

interface Options<Kind> {
  challenge_id: string;
  options: Kind;
}

/** Registers a passkey for this user. */
async function passkeyFor(
  project: Client,
  session: Session,
  algorithm?: AlgorithmName,
): Promise<{ id: string; passkey: Authenticator }> {
  const passkey = new Authenticator(origin, algorithm);
  const { body } = await project.given.call<Options<CreationOptions>>('POST /passkeys/registration/options', {
    as: session,
  });
  const created = await project.given.call<{ id: string }>('POST /passkeys/registration/verify', {
    as: session,
    body: { challenge_id: body.challenge_id, credential: passkey.create(body.options) },
  });
  project.note(`in that session a passkey was registered${algorithm ? `, a key of ${algorithm}` : ''}`);
  return { id: created.body.id, passkey };
}

const factors = [
  scenario(
    'webauthn-factor',
    'Enroll, create a credential, verify: the session is at aal2 with mfa/webauthn',
    async (project) => {
      const ada = await project.given.user();
      const { id } = (await enroll(project, ada.session)).body;
      await project.advance('2s');
      const asked = await project.sendLogged<Challenge>(`POST /factors/${id}/challenge`, { as: ada.session, body: {} });
      const key = new Authenticator(origin);
      const credential_response = key.create(asked.body.webauthn.credential_options.publicKey);
      const raised = sessionOf(
        await project.sendLogged(`POST /factors/${id}/verify`, {
          as: ada.session,
          body: { challenge_id: asked.body.id, webauthn: { type: 'create', credential_response } },
        }),
      );
      await project.send('GET /user', { as: raised });
    },
  ),
  scenario(
    'webauthn-lifts-a-recovery-session',
    'A WebAuthn factor raises a recovery session, as TOTP does',
    async (project) => {
      const ada = await userWithKey(project);
      const recovery = await project.given.recoverySession(ada);
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      const { body } = await challenge(project, recovery, ada.factorId);
      await verify(
        project,
        recovery,
        ada.factorId,
        body.id,
        'request',
        ada.key.get(body.webauthn.credential_options.publicKey),
      );
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
    },
  ),
  scenario('webauthn-challenge-bodies', 'A WebAuthn challenge needs JSON', async (project) => {
    const ada = await project.given.user();
    const { id } = (await enroll(project, ada.session)).body;
    for (const raw of ['', '{', '[]']) await project.send(`POST /factors/${id}/challenge`, { as: ada.session, raw });
  }),
  scenario('webauthn-verify-bad-input', 'Invalid WebAuthn responses are refused', async (project) => {
    const ada = await project.given.user();
    const { id } = (await enroll(project, ada.session)).body;
    const { body } = await challenge(project, ada.session, id);
    for (const webauthn of [
      undefined,
      null,
      {},
      { type: 'nonsense' },
      { type: 'create' },
      { type: 'request' },
      'text',
    ]) {
      await project.send(`POST /factors/${id}/verify`, {
        as: ada.session,
        body: { challenge_id: body.id, ...(webauthn === undefined ? {} : { webauthn }) },
      });
    }
    for (const credential_response of [{}, { id: 'x' }, 'text', null]) {
      await verify(project, ada.session, id, body.id, 'create', credential_response);
      await verify(project, ada.session, id, body.id, 'request', credential_response);
    }
    await verify(project, ada.session, id, nobody, 'create', {});
  }),
  scenario(
    'webauthn-credential-of-another-page',
    'A credential created for another origin or challenge is refused',
    async (project) => {
      const ada = await project.given.user();
      const { id } = (await enroll(project, ada.session)).body;
      await project.pass('2s');
      const first = (await challenge(project, ada.session, id)).body;
      const options = first.webauthn.credential_options.publicKey;
      await verify(
        project,
        ada.session,
        id,
        first.id,
        'create',
        new Authenticator('https://evil.example').create(options),
      );
      const second = (await challenge(project, ada.session, id)).body;
      await verify(project, ada.session, id, second.id, 'create', new Authenticator(origin).create(options));
      await verify(project, ada.session, id, first.id, 'create', new Authenticator(origin).create(options));
    },
  ),
  scenario(
    'webauthn-assertion-refused',
    'An assertion by another key, for another challenge or from another page is refused',
    async (project) => {
      const ada = await userWithKey(project);
      const session = await project.given.passwordSession(ada);
      const first = (await challenge(project, session, ada.factorId)).body;
      const options = first.webauthn.credential_options.publicKey;
      const stranger = new Authenticator(origin);
      stranger.create({ ...options, rp: { id: 'localhost' }, user: { id: Buffer.from(ada.id).toString('base64url') } });
      await verify(project, session, ada.factorId, first.id, 'request', stranger.get(options));
      const second = (await challenge(project, session, ada.factorId)).body;
      await verify(project, session, ada.factorId, second.id, 'request', ada.key.get(options));
      await verify(project, session, ada.factorId, first.id, 'create', ada.key.get(options));
      await verify(project, session, ada.factorId, first.id, 'request', ada.key.get(options));
      await verify(project, session, ada.factorId, first.id, 'request', ada.key.get(options));
    },
  ),
  scenario(
    'webauthn-authenticator-data',
    "The authenticator's data must be consistent, but user verification isn't required",
    async (project) => {
      const ada = await userWithKey(project);
      const { body } = await challenge(project, ada.session, ada.factorId);
      const options = body.webauthn.credential_options.publicKey;
      const known = flag.present | flag.verified;
      const answers: [string, Json][] = [
        ['was asked by another relying party', ada.key.get({ ...options, rpId: 'example.com' })],
        ['was not touched', ada.key.get(options, flag.verified)],
        ['made a key that can be backed up, which it was not', ada.key.get(options, known | flag.backupEligible)],
        ['backed up a key that cannot be', ada.key.get(options, known | flag.backedUp)],
        ['did not verify its user', ada.key.get(options, flag.present)],
      ];
      for (const [what, answer] of answers) {
        project.note(`the authenticator says that it ${what}`);
        await verify(project, ada.session, ada.factorId, body.id, 'request', answer);
      }
    },
  ),
  scenario('webauthn-assertion-altered', 'An assertion is refused if any of its parts was altered', async (project) => {
    const ada = await userWithKey(project);
    const { body } = await challenge(project, ada.session, ada.factorId);
    const options = body.webauthn.credential_options.publicKey;
    const attestation = new Authenticator(origin).create({
      ...options,
      rp: { id: 'localhost' },
      user: { id: Buffer.from(ada.id).toString('base64url') },
    });
    const { clientDataJSON = '' } = attestation['response'] as Credential;
    const { signature = '' } = new Authenticator(origin).get(options)['response'] as Credential;
    const answer = ada.key.get(options);
    const short = Buffer.from('too short').toString('base64url');
    const answers: [string, Credential][] = [
      ['a signature by another key', altered(answer, { signature })],
      ['a signature that is none', altered(answer, { signature: short })],
      ['what the browser says of a new credential', altered(answer, { clientDataJSON })],
      ['another user', altered(answer, { userHandle: Buffer.from(nobody).toString('base64url') })],
      ['authenticator data that is none', altered(answer, { authenticatorData: short })],
      ['base64 that is none', altered(answer, { signature: 'é' })],
      ['client data that is none', altered(answer, { clientDataJSON: short })],
      ['another type', altered(answer, {}, { type: 'password' })],
      ['no type', altered(answer, {}, { type: '' })],
      ['an id that is none', altered(answer, {}, { id: 'é' })],
      ['no user', altered(answer, { userHandle: '' })],
    ];
    await verify(project, ada.session, ada.factorId, body.id, 'create', attestation);
    for (const [what, answer] of answers) {
      project.note(`an assertion with ${what}`);
      await verify(project, ada.session, ada.factorId, body.id, 'request', answer);
    }
  }),
  scenario(
    'webauthn-keys-that-come-and-go',
    'A challenge only works for the keys that existed when it was created',
    async (project) => {
      const ada = await userWithKey(project);
      const before = (await challenge(project, ada.session, ada.factorId)).body;
      const second = await verifiedKey(project, ada.session, 'second');
      const answerOf = (key: Authenticator, { webauthn }: Challenge) => key.get(webauthn.credential_options.publicKey);
      await verify(project, second.session, ada.factorId, before.id, 'request', answerOf(second.key, before));
      const after = (await challenge(project, second.session, ada.factorId)).body;
      await project.send(`DELETE /factors/${second.factorId}`, { as: second.session });
      await verify(project, second.session, ada.factorId, after.id, 'request', answerOf(ada.key, after));
    },
  ),
  scenario(
    'webauthn-key-of-another-factor',
    'Any verified key of the user works for any WebAuthn factor, even for a factor that never got a key',
    async (project) => {
      const ada = await userWithKey(project);
      await challenge(project, ada.session, ada.factorId);
      const { session, factorId } = await verifiedKey(project, ada.session, 'second');
      const asked = (await challenge(project, session, factorId)).body;
      const answer = ada.key.get(asked.webauthn.credential_options.publicKey);
      await verify(project, session, factorId, asked.id, 'request', answer);
      const third = (await enroll(project, session, 'third')).body;
      const { body } = await challenge(project, session, third.id);
      const { publicKey } = body.webauthn.credential_options;
      const other = ada.key.get({ ...publicKey, rpId: publicKey.rp.id });
      await verify(project, session, third.id, body.id, 'request', other);
    },
  ),
  scenario('webauthn-attestations', 'An attestation must be valid, although nothing depends on it', async (project) => {
    const ada = await project.given.user();
    const { id } = (await enroll(project, ada.session)).body;
    await project.pass('2s');
    const { body } = await challenge(project, ada.session, id);
    const options = body.webauthn.credential_options.publicKey;
    const attestations = [
      ['an attestation of an unknown format', { format: 'nonsense' }],
      ['a signature though the format is "none"', { format: 'none', signs: 'this' }],
      ['format "packed" without a signature', { format: 'packed' }],
      [
        'format "packed" and a signature by the new key over something else',
        { format: 'packed', signs: 'something else' },
      ],
      ['format "packed" and another algorithm than that of the new key', { format: 'packed', signs: 'this', alg: -8 }],
      ['format "packed" and a signature by the new key', { format: 'packed', signs: 'this' }],
    ] as const;
    for (const [what, attestation] of attestations) {
      project.note(`the authenticator answers with ${what}`);
      await verify(project, ada.session, id, body.id, 'create', new Authenticator(origin).create(options, attestation));
    }
  }),
  scenario('webauthn-expired-challenge', 'A WebAuthn challenge lives 5 minutes too', async (project) => {
    const ada = await userWithKey(project);
    const { body } = await challenge(project, ada.session, ada.factorId);
    await project.advance('301s');
    await verify(
      project,
      ada.session,
      ada.factorId,
      body.id,
      'request',
      ada.key.get(body.webauthn.credential_options.publicKey),
    );
  }),
  scenario('webauthn-with-a-code', "A WebAuthn factor doesn't accept a code", async (project) => {
    const ada = await userWithKey(project);
    const { body } = await challenge(project, ada.session, ada.factorId);
    await project.send(`POST /factors/${ada.factorId}/verify`, {
      as: ada.session,
      body: { challenge_id: body.id, code: '123456' },
    });
  }),
  scenario(
    'webauthn-second-key',
    "A second key's challenge names the first key, so that it isn't registered twice",
    async (project) => {
      const ada = await userWithKey(project);
      const { id } = (await enroll(project, ada.session, 'second')).body;
      const { body } = await challenge(project, ada.session, id);
      await verify(
        project,
        ada.session,
        id,
        body.id,
        'create',
        new Authenticator(origin).create(body.webauthn.credential_options.publicKey),
      );
    },
  ),
  scenario(
    'unenrol-a-webauthn-factor',
    'Removing a WebAuthn factor removes its method from the sessions it raised',
    async (project) => {
      const ada = await userWithKey(project);
      const session = await project.given.passwordSession(ada);
      await project.send(`DELETE /factors/${ada.factorId}`, { as: session });
      await project.send(`DELETE /factors/${ada.factorId}`, { as: ada.session });
      await project.send('POST /token?grant_type=refresh_token', { body: { refresh_token: ada.session.refreshToken } });
    },
  ),
  scenarioOf(
    'webauthn-without-relying-party',
    'Without its settings, a WebAuthn factor can be enrolled but not challenged',
    async (project) => {
      const ada = await project.given.user();
      const { id } = (await enroll(project, ada.session)).body;
      await project.send(`POST /factors/${id}/challenge`, { as: ada.session, body: {} });
      await project.send(`POST /factors/${id}/challenge`, { as: ada.session, body: {}, version: null });
    },
  ),
  scenarioOf(
    'webauthn-factors-switched-off',
    'With WebAuthn off, nothing can be enrolled',
    async (project) => {
      const ada = await project.given.user();
      await enroll(project, ada.session);
    },
    'webauthn-factors-off',
  ),
  scenarioOf(
    'webauthn-verify-switched-off',
    'With verification off, a factor can be enrolled, but not challenged or verified',
    async (project) => {
      const ada = await project.given.user();
      const { id } = (await enroll(project, ada.session)).body;
      await project.send(`POST /factors/${id}/challenge`, { as: ada.session, body: {} });
      await project.send(`POST /factors/${id}/verify`, { as: ada.session, body: { challenge_id: nobody } });
    },
    'webauthn-verify-off',
  ),
];

const passkeys = [
  ...(['webauthn-origins-only', 'passkeys-only'] as const).map((profile) =>
    scenarioOf(`${profile}-settings`, 'WebAuthn fails if any of its settings is missing', unready, profile),
  ),
  scenario('passkey', 'Registering a passkey and signing in with it gives a session at aal1', async (project) => {
    const ada = await project.given.user();
    const passkey = new Authenticator(origin);
    const asked = await project.sendLogged<Options<CreationOptions>>('POST /passkeys/registration/options', {
      as: ada.session,
    });
    await project.sendLogged('POST /passkeys/registration/verify', {
      as: ada.session,
      body: { challenge_id: asked.body.challenge_id, credential: passkey.create(asked.body.options) },
    });
    await project.send('GET /passkeys', { as: ada.session });
    const { body } = await project.send<Options<RequestOptions>>('POST /passkeys/authentication/options', { body: {} });
    await project.sendLogged('POST /passkeys/authentication/verify', {
      body: { challenge_id: body.challenge_id, credential: passkey.get(body.options) },
    });
    await project.send('GET /passkeys', { as: ada.session });
    await project.send('GET /user', { as: ada.session });
  }),
  scenario(
    'a-passkey-session-cannot-change-password',
    'With a verified factor, a passkey session is at aal1 and needs a step-up',
    async (project) => {
      const ada = await project.given.userWithFactor();
      const { passkey } = await passkeyFor(project, ada.session);
      const { body } = await project.send<Options<RequestOptions>>('POST /passkeys/authentication/options', {
        body: {},
      });
      const session = sessionOf(
        await project.send('POST /passkeys/authentication/verify', {
          body: { challenge_id: body.challenge_id, credential: passkey.get(body.options) },
        }),
      );
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
      await project.given.stepUp(session, ada.factor);
      await project.send('PUT /user', { as: session, body: { password: 'a new password' } });
    },
  ),
  scenario(
    'a-passkey-is-no-factor',
    "A passkey isn't a factor: a recovery session can change the password and enroll a first factor",
    async (project) => {
      const ada = await project.given.user();
      await passkeyFor(project, ada.session);
      const recovery = await project.given.recoverySession(ada);
      await project.send('GET /user', { as: recovery });
      await project.send('PUT /user', { as: recovery, body: { password: 'a new password' } });
      await enroll(project, recovery);
    },
  ),
  scenario(
    'passkeys-need-aal2',
    "With a verified factor, adding or removing a passkey needs aal2; renaming and listing don't",
    async (project) => {
      const ada = await project.given.userWithFactor();
      const { id } = await passkeyFor(project, ada.session);
      const session = await project.given.passwordSession(ada);
      await project.sendLogged('POST /passkeys/registration/options', { as: session });
      await project.send('POST /passkeys/registration/verify', { as: session, body: {} });
      await project.sendLogged(`DELETE /passkeys/${id}`, { as: session });
      await project.send(`PATCH /passkeys/${id}`, { as: session, body: { friendly_name: 'Laptop' } });
      await project.send('GET /passkeys', { as: session });
      await project.sendLogged(`DELETE /passkeys/${id}`, { as: ada.session });
      await project.send('GET /passkeys', { as: ada.session });
    },
  ),
  scenario('passkey-registration-bad-input', 'Invalid passkey registrations are refused', async (project) => {
    const ada = await project.given.user();
    const { body } = await project.given.call<Options<CreationOptions>>('POST /passkeys/registration/options', {
      as: ada.session,
    });
    project.note('options were asked for');
    const { challenge_id, options } = body;
    const route = 'POST /passkeys/registration/verify';
    for (const wrong of [
      {},
      { challenge_id },
      { challenge_id: 'nonsense', credential: {} },
      { challenge_id: nobody, credential: {} },
      { challenge_id: 1 },
    ]) {
      await project.sendLogged(route, { as: ada.session, body: wrong });
    }
    await project.sendLogged(route, { as: ada.session, raw: '' });
    await project.sendLogged(route, { as: ada.session, body: { challenge_id, credential: {} } });
    await project.sendLogged(route, {
      as: ada.session,
      body: { challenge_id, credential: new Authenticator(origin).create(options) },
    });
    const again = await project.given.call<Options<CreationOptions>>('POST /passkeys/registration/options', {
      as: ada.session,
    });
    project.note('options were asked for again');
    const elsewhere = new Authenticator('https://evil.example').create(again.body.options);
    await project.sendLogged(route, {
      as: ada.session,
      body: { challenge_id: again.body.challenge_id, credential: elsewhere },
    });
    await project.send('POST /passkeys/registration/options');
  }),
  scenario('passkey-sign-in-refused', 'Invalid, late and unknown passkey sign-ins are refused', async (project) => {
    const ada = await project.given.user();
    const { passkey, id } = await passkeyFor(project, ada.session);
    const route = 'POST /passkeys/authentication/verify';
    const options = async () =>
      (await project.send<Options<RequestOptions>>('POST /passkeys/authentication/options', { body: {} })).body;
    for (const body of [
      {},
      { challenge_id: nobody },
      { challenge_id: 'x', credential: {} },
      { challenge_id: nobody, credential: {} },
    ]) {
      await project.sendLogged(route, { body });
    }
    const first = await options();
    await project.sendLogged(route, { body: { challenge_id: first.challenge_id, credential: {} } });
    await project.sendLogged(route, {
      body: { challenge_id: first.challenge_id, credential: passkey.get(first.options) },
    });
    const second = await options();
    await project.advance('301s');
    await project.sendLogged(route, {
      body: { challenge_id: second.challenge_id, credential: passkey.get(second.options) },
    });
    const third = await options();
    await project.sendLogged(route, {
      body: { challenge_id: third.challenge_id, credential: passkey.get(first.options) },
    });
    await project.given.call(`DELETE /passkeys/${id}`, { as: ada.session });
    project.note('the passkey was removed');
    const fourth = await options();
    await project.sendLogged(route, {
      body: { challenge_id: fourth.challenge_id, credential: passkey.get(fourth.options) },
    });
  }),
  scenario('passkey-names', 'The name that the authenticator shows for a user', async (project) => {
    const ada = await project.given.user('ada', { name: 'Ada Lovelace' });
    await project.send('POST /passkeys/registration/options', { as: ada.session });
    await passkeyFor(project, ada.session);
    await project.send('POST /passkeys/registration/options', { as: ada.session });
    const phone = project.phone(1);
    const grace = sessionOf(await project.given.call('POST /signup', { body: { phone, password: 'a password' } }));
    project.note('grace has signed up with a phone number');
    await project.send('POST /passkeys/registration/options', { as: grace });
  }),
  scenario('passkey-of-two-users', 'A credential belongs to one user, a challenge to its purpose', async (project) => {
    const ada = await project.given.user();
    const { passkey } = await passkeyFor(project, ada.session);
    const grace = await project.given.user('grace');
    const options = async ({ session }: Person) =>
      (await project.send<Options<CreationOptions>>('POST /passkeys/registration/options', { as: session })).body;
    const forAda = await options(ada);
    const wrong = { challenge_id: forAda.challenge_id, credential: passkey.create(forAda.options) };
    await project.send('POST /passkeys/registration/verify', { as: grace.session, body: wrong });
    await project.send('POST /passkeys/authentication/verify', { body: wrong });
    for (const version of ['2024-01-01', null]) {
      const forGrace = await options(grace);
      await project.sendLogged('POST /passkeys/registration/verify', {
        as: grace.session,
        version,
        body: { challenge_id: forGrace.challenge_id, credential: passkey.create(forGrace.options) },
      });
    }
  }),
  scenario('too-many-passkeys', 'A user can have at most ten passkeys', async (project) => {
    const ada = await project.given.user();
    const { body } = await project.send<Options<CreationOptions>>('POST /passkeys/registration/options', {
      as: ada.session,
    });
    for (let passkeys = 0; passkeys < 10; passkeys++) await passkeyFor(project, ada.session);
    await project.send('POST /passkeys/registration/options', { as: ada.session });
    await project.send('POST /passkeys/registration/verify', {
      as: ada.session,
      body: { challenge_id: body.challenge_id, credential: new Authenticator(origin).create(body.options) },
    });
  }),
  scenario('passkeys-without-a-user', 'Passkeys that were deleted, or whose user was, are refused', async (project) => {
    const ada = await project.given.user();
    const { passkey, id } = await passkeyFor(project, ada.session);
    const other = await passkeyFor(project, ada.session);
    const signIn = async (by: Authenticator, change: Credential = {}) => {
      const { body } = await project.given.call<Options<RequestOptions>>('POST /passkeys/authentication/options');
      await project.sendLogged('POST /passkeys/authentication/verify', {
        body: { challenge_id: body.challenge_id, credential: altered(by.get(body.options), change) },
      });
    };
    await signIn(passkey, { userHandle: '' });
    await signIn(passkey, { userHandle: Buffer.from(nobody).toString('base64url') });
    await project.given.call(`DELETE /passkeys/${id}`, { as: ada.session });
    project.note('the first passkey was removed');
    await signIn(passkey);
    await project.given.call(`DELETE /admin/users/${ada.id}`, { as: 'service', body: { should_soft_delete: true } });
    project.note('ada was deleted softly');
    await signIn(other.passkey);
    const grace = await project.given.user('grace');
    const hers = await passkeyFor(project, grace.session);
    await project.given.call(`DELETE /admin/users/${grace.id}`, { as: 'service' });
    project.note('grace was deleted');
    await signIn(hers.passkey);
  }),
  scenario('passkeys-of-unconfirmed-users', 'A passkey only signs in if the address is confirmed', async (project) => {
    const ada = (await project.given.user()).session;
    const signUp = { phone: project.phone(1), password: 'a password' };
    const grace = sessionOf(await project.given.call('POST /signup', { body: signUp }));
    project.note('grace has signed up with a phone number');
    for (const [session, address] of [
      [ada, { phone: project.phone(2) }],
      [grace, { email: project.email('grace') }],
    ] as const) {
      const { passkey } = await passkeyFor(project, session);
      const { id } = (await project.given.call<{ id: string }>('GET /user', { as: session })).body;
      await project.send(`PUT /admin/users/${id}`, { as: 'service', body: address });
      const { body } = await project.given.call<Options<RequestOptions>>('POST /passkeys/authentication/options');
      await project.send('POST /passkeys/authentication/verify', {
        body: { challenge_id: body.challenge_id, credential: passkey.get(body.options) },
      });
    }
  }),
  scenario('passkeys-by-algorithm', 'Passkeys work with every supported kind of key', async (project) => {
    const ada = await project.given.user();
    for (const algorithm of ['ES256', 'ES512', 'RS256', 'PS256', 'EdDSA'] as const) {
      const { passkey } = await passkeyFor(project, ada.session, algorithm);
      const { body } = await project.given.call<Options<RequestOptions>>('POST /passkeys/authentication/options');
      await project.send('POST /passkeys/authentication/verify', {
        body: { challenge_id: body.challenge_id, credential: passkey.get(body.options) },
      });
    }
  }),
  scenario('passkey-of-a-banned-user', "A banned user can't sign in with a passkey", async (project) => {
    const ada = await project.given.user();
    const { passkey } = await passkeyFor(project, ada.session);
    await project.given.banned(ada);
    const { body } = await project.send<Options<RequestOptions>>('POST /passkeys/authentication/options', { body: {} });
    await project.sendLogged('POST /passkeys/authentication/verify', {
      body: { challenge_id: body.challenge_id, credential: passkey.get(body.options) },
    });
  }),
  scenario(
    'passkey-ids-and-names',
    "Invalid passkey ids and other users' passkeys are refused, and passkeys can be renamed",
    async (project) => {
      const ada = await project.given.user();
      const { id } = await passkeyFor(project, ada.session);
      const grace = await project.given.user('grace');
      for (const other of ['nonsense', nobody, id]) {
        await project.send(`PATCH /passkeys/${other}`, { as: grace.session, body: { friendly_name: 'mine' } });
        await project.send(`DELETE /passkeys/${other}`, { as: grace.session });
      }
      for (const body of [
        {},
        { friendly_name: '' },
        { friendly_name: 1 },
        { friendly_name: 'x'.repeat(121) },
        { friendly_name: 'é'.repeat(60) },
        { friendly_name: 'é'.repeat(61) },
      ]) {
        await project.send(`PATCH /passkeys/${id}`, { as: ada.session, body });
      }
    },
  ),
  scenario('admin-passkeys', 'An admin can list and remove passkeys', async (project) => {
    const ada = await project.given.user();
    const { id } = await passkeyFor(project, ada.session);
    await project.send(`GET /admin/users/${ada.id}/passkeys`, { as: ada.session });
    await project.send(`GET /admin/users/${ada.id}/passkeys`, { as: 'service' });
    await project.send(`DELETE /admin/users/${ada.id}/passkeys/${id}`, { as: 'service' });
    await project.send(`DELETE /admin/users/${ada.id}/passkeys/${id}`, { as: 'service' });
  }),
  scenario('passkey-paths', 'All paths below a passkey need a user', async (project) => {
    const ada = await project.given.user();
    for (const route of ['PUT /passkeys/nonsense', 'GET /passkeys/nonsense/more', 'PATCH /passkeys/nonsense/']) {
      await project.send(route);
      await project.send(route, { as: 'service' });
    }
    for (const route of [
      'GET /passkeys/',
      'POST /passkeys/registration/options/',
      'POST /passkeys/authentication/options/',
    ])
      await project.send(route, { as: ada.session });
  }),
  scenario('passkeys-of-anonymous-users', "Anonymous users can't register passkeys", async (project) => {
    const session = await project.given.anonymous();
    await project.send('POST /passkeys/registration/options', { as: session });
    await project.send('GET /passkeys', { as: session });
  }),
  scenario('settings-with-passkeys', 'The settings show that passkeys are on', async (project) => {
    await project.send('GET /settings');
  }),
  scenarioOf('passkeys-switched-off', 'Passkeys are off unless the setting is on', async (project) => {
    const ada = await project.given.user();
    for (const route of [
      'GET /passkeys',
      'POST /passkeys/registration/options',
      'POST /passkeys/authentication/options',
      `DELETE /passkeys/${nobody}`,
      `GET /admin/users/${ada.id}/passkeys`,
    ]) {
      await project.send(route, { as: route.includes('admin') ? 'service' : ada.session });
    }
    await project.send('POST /passkeys/authentication/options');
  }),
];

export const heading = 'WebAuthn factors and passkeys';

export const scenarios = [...factors, ...passkeys];
