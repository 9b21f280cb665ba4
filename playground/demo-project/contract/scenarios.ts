/** All scenarios, each with its group: the name of its folder of recordings. */
import type { Scenario } from './scenario.ts';
import { account } from './scenarios/account.ts';
import { admin } from './scenarios/admin.ts';
import { badInput } from './scenarios/bad-input.ts';
import { edges } from './scenarios/edges.ts';
import { factors } from './scenarios/factors.ts';
import { http } from './scenarios/http.ts';
import { inbox } from './scenarios/inbox.ts';
import { limits } from './scenarios/limits.ts';
import { lostFactor } from './scenarios/lost-factor.ts';
import { mails } from './scenarios/mails.ts';
import { otp } from './scenarios/otp.ts';
import { phoneFactors } from './scenarios/phone-factors.ts';
import { reach } from './scenarios/reach.ts';
import { recover } from './scenarios/recover.ts';
import { routes } from './scenarios/routes.ts';
import { sessions } from './scenarios/sessions.ts';
import { settings } from './scenarios/settings.ts';
import { signUp } from './scenarios/sign-up.ts';
import { token } from './scenarios/token.ts';
import { user } from './scenarios/user.ts';
import { verify } from './scenarios/verify.ts';
import { webauthn } from './scenarios/webauthn.ts';

const groups: { [group: string]: Scenario[] } = {
  recover,
  reach,
  verify,
  mails,
  user,
  factors,
  'phone-factors': phoneFactors,
  'lost-factor': lostFactor,
  sessions,
  token,
  'bad-input': badInput,
  edges,
  'sign-up': signUp,
  otp,
  account,
  admin,
  http,
  routes,
  webauthn,
  settings,
  limits,
  inbox,
};

export const scenarios = Object.entries(groups).flatMap(([group, all]) =>
  all.map((scenario): [string, Scenario] => [group, scenario]),
);
