/**
 * Maps each endpoint of Auth to its handler and to the checks that run first. Most handlers are loaded on their first
 * call.
 */
import { AuthError } from './auth/errors.ts';
import type { Call } from './auth/project.ts';
import type { Endpoint } from './endpoints.ts';
import { showHealth } from './routes/health.ts';

export type Handler = (call: Call) => unknown;

/** Loaded when first needed, like most handlers. */
export const parts = {
  control: () => import('./control.ts'),
  errors: () => import('./http/errors.ts'),
  inbox: () => import('./routes/inbox.ts'),
  leftOut: () => import('./left-out.ts'),
  preflight: () => import('./http/preflight.ts'),
  redirects: () => import('./auth/redirects.ts'),
};

const loaders = new Set<() => Promise<unknown>>(Object.values(parts));

/** Loads a handler on its first call, so that a page doesn't wait for code it may never need. */
function later<Name extends string>(load: () => Promise<Record<Name, Handler>>, name: Name): Handler {
  loaders.add(load);
  return async (call) => (await load())[name](call);
}

/**
 * Loads everything that otherwise loads on first use, so that a page keeps working offline. Rejects if a part can't be
 * loaded.
 */
export async function preload(): Promise<void> {
  await Promise.all([...loaders].map((load) => load()));
}

const wellKnown = () => import('./routes/well-known.ts');
const admin = () => import('./routes/admin.ts');
const factors = () => import('./routes/factors.ts');
const passkeys = () => import('./routes/passkeys.ts');
const user = () => import('./routes/user.ts');
const authenticate = later(() => import('./auth/sessions.ts'), 'authenticate');
const authenticateNamed = later(() => import('./auth/sessions.ts'), 'authenticateNamed');
const requireAdmin = later(() => import('./auth/admin.ts'), 'requireAdmin');
const userInPath = later(() => import('./auth/admin.ts'), 'userInPath');

export const handlers: Record<Endpoint, Handler> = {
  'GET /health': showHealth,
  'GET /settings': later(() => import('./routes/settings.ts'), 'showSettings'),
  'GET /.well-known/jwks.json': later(wellKnown, 'showKeys'),
  'GET /.well-known/oauth-authorization-server': later(wellKnown, 'showOAuthServer'),
  'POST /signup': later(() => import('./routes/signup.ts'), 'postSignup'),
  'POST /token': later(() => import('./routes/token.ts'), 'postToken'),
  'POST /recover': later(() => import('./routes/recover.ts'), 'postRecover'),
  'POST /otp': later(() => import('./routes/otp.ts'), 'postOtp'),
  'POST /magiclink': later(() => import('./routes/otp.ts'), 'postMagicLink'),
  'POST /resend': later(() => import('./routes/resend.ts'), 'postResend'),
  'GET /verify': later(() => import('./routes/verify.ts'), 'verifyByGet'),
  'POST /verify': later(() => import('./routes/verify.ts'), 'verifyByPost'),
  'GET /user': later(user, 'showUser'),
  'PUT /user': later(user, 'changeUser'),
  'GET /reauthenticate': later(() => import('./routes/reauthenticate.ts'), 'reauthenticate'),
  'POST /logout': later(() => import('./routes/logout.ts'), 'postLogout'),
  'POST /factors': later(factors, 'enrollFactor'),
  'DELETE /factors/:factor_id': later(factors, 'unenrollFactor'),
  'POST /factors/:factor_id/challenge': later(factors, 'challengeFactor'),
  'POST /factors/:factor_id/verify': later(factors, 'verifyFactor'),
  'POST /passkeys/registration/options': later(passkeys, 'registrationOptions'),
  'POST /passkeys/registration/verify': later(passkeys, 'verifyRegistration'),
  'POST /passkeys/authentication/options': later(passkeys, 'authenticationOptions'),
  'POST /passkeys/authentication/verify': later(passkeys, 'verifyAuthentication'),
  'GET /passkeys': later(passkeys, 'showPasskeys'),
  'PATCH /passkeys/:passkey_id': later(passkeys, 'updatePasskey'),
  'DELETE /passkeys/:passkey_id': later(passkeys, 'removePasskey'),
  'POST /invite': later(() => import('./routes/invite.ts'), 'postInvite'),
  'POST /admin/generate_link': later(() => import('./routes/generate-link.ts'), 'generateLink'),
  'GET /admin/users': later(admin, 'listUsers'),
  'POST /admin/users': later(admin, 'addUser'),
  'GET /admin/users/:user_id': later(admin, 'showAnyUser'),
  'PUT /admin/users/:user_id': later(admin, 'changeAnyUser'),
  'DELETE /admin/users/:user_id': later(admin, 'deleteUser'),
  'GET /admin/users/:user_id/factors': later(admin, 'listFactors'),
  'PUT /admin/users/:user_id/factors/:factor_id': later(admin, 'changeFactor'),
  'DELETE /admin/users/:user_id/factors/:factor_id': later(admin, 'deleteAnyFactor'),
  'GET /admin/users/:user_id/passkeys': later(admin, 'listAnyPasskeys'),
  'DELETE /admin/users/:user_id/passkeys/:passkey_id': later(admin, 'deleteAnyPasskey'),
  'GET /admin/custom-providers': later(admin, 'listCustomProviders'),
};

/**
 * What Auth checks for every path below these, even if the route or method doesn't exist. The call keeps what a check
 * finds.
 */
export const guards: [path: string, check: Handler][] = [
  ['/user', authenticate],
  ['/reauthenticate', authenticate],
  ['/factors', authenticateNamed],
  ['/factors/:factor_id', later(() => import('./auth/factors.ts'), 'ownFactor')],
  ['/passkeys', requirePasskeys],
  ['/passkeys/registration', authenticateNamed],
  // Signing in with a passkey needs no session.
  ['/passkeys/:passkey_id', (call) => call.params['passkey_id'] === 'authentication' || authenticate(call)],
  ['/admin', requireAdmin],
  ['/admin/users/:user_id', userInPath],
  ['/admin/users/:user_id/factors/:factor_id', later(() => import('./auth/factors.ts'), 'factorOfUserInPath')],
];

function requirePasskeys({ project: { config } }: Call): void {
  if (!config.auth.passkey.enabled) throw new AuthError(404, 'passkey_disabled', 'Passkeys are disabled');
}

/** Paths that Auth also accepts with a trailing slash. */
export const mounts = new Set([
  '/signup',
  '/verify',
  '/admin/users',
  ...guards.map(([path]) => path),
  '/admin/users/:user_id/factors',
  '/admin/users/:user_id/passkeys',
  '/admin/users/:user_id/passkeys/:passkey_id',
  '/admin/custom-providers',
]);
