/** Plays the user's authenticator app in tests. It knows the secret of each factor. */
import type { Project } from './auth/project.ts';
import { totpCode } from './totp.ts';

/** Returns the current code. @throws Error if the user or factor doesn't exist, or if several factors match */
export function codeOf(project: Project, email: string, friendlyName: string | undefined): string {
  return totpCode(secretOf(project, email, friendlyName), project.now());
}

function secretOf({ store }: Project, email: string, friendlyName: string | undefined): string {
  const user = store.users.where('email', email.toLowerCase())[0];
  if (!user) throw new Error(`There is no user ${email}.`);
  const all = store.factors.where('user', user.id).filter(({ type }) => type === 'totp');
  const named = all.filter((factor) => friendlyName === undefined || factor.friendlyName === friendlyName);
  const verified = named.filter(({ status }) => status === 'verified');
  const [factor, another] = verified.length > 0 ? verified : named;
  if (factor?.secret === undefined) {
    const name = friendlyName === undefined ? '' : ` ${JSON.stringify(friendlyName)}`;
    throw new Error(`${email} has no TOTP factor${name}.`);
  }
  if (another) {
    const names = all.map(({ friendlyName }) => JSON.stringify(friendlyName)).join(', ');
    throw new Error(`${email} has several TOTP factors. Say which: ${names}.`);
  }
  return factor.secret;
}
