import { addFactor } from './auth/factors.ts';
import { hashPassword } from './auth/passwords.ts';
import type { Project } from './auth/project.ts';
import { confirmEmail, createIdentity, createUser } from './auth/users.ts';

/** Accounts that a demo project starts with, as data. Everybody can read these secrets: they protect nothing. */
export interface SeedFactor {
  type: 'totp';
  friendlyName: string;
  /** Base32, as an authenticator app takes it. */
  secret: string;
  status: 'unverified' | 'verified';
}

export interface SeedAccount {
  email: string;
  password: string;
  factors: SeedFactor[];
}

export type Seed = SeedAccount[];

export const demoAccounts: Seed = [
  {
    email: 'ada@example.com',
    password: 'old-password-ada',
    factors: [
      {
        type: 'totp',
        friendlyName: 'Authenticator app',
        secret: 'DEMOONLYADADEMOONLYADADEMOONLYAD',
        status: 'verified',
      },
    ],
  },
  { email: 'grace@example.com', password: 'old-password-grace', factors: [] },
  {
    email: 'alan@example.com',
    password: 'old-password-alan',
    factors: [
      {
        type: 'totp',
        friendlyName: 'Never finished',
        secret: 'DEMOONLYALANDEMOONLYALANDEMOONLY',
        status: 'unverified',
      },
    ],
  },
  {
    email: 'katherine@example.com',
    password: 'old-password-katherine',
    factors: [
      { type: 'totp', friendlyName: 'Phone', secret: 'DEMOONLYKATPHONEDEMOONLYKATPHONE', status: 'verified' },
      { type: 'totp', friendlyName: 'Tablet', secret: 'DEMOONLYKATTABLETDEMOONLYKATTABL', status: 'verified' },
    ],
  },
];

/** Adds the accounts to a project, as if they had signed up and enrolled before. */
export async function plant(project: Project, seed: Seed): Promise<void> {
  for (const { email, password, factors } of seed) {
    const passwordHash = await hashPassword(password);
    const user = createUser(project, { email, passwordHash, appMetadata: { provider: 'email', providers: ['email'] } });
    const { data } = createIdentity(project, user, 'email', { email });
    project.store.users.update(user, { userMetadata: data });
    confirmEmail(project, user);
    for (const { type, friendlyName, secret, status } of factors) {
      const factor = addFactor(project, user, { type, friendlyName, secret, phone: '' });
      project.store.factors.update(factor, { status });
    }
  }
  project.store.commit();
}
