import { addFactor } from './auth/factors.ts';
import { hashPassword } from './auth/passwords.ts';
import type { Project } from './auth/project.ts';
import { confirmEmail, createIdentity, createUser } from './auth/users.ts';

export type SeedFactor = {
  friendlyName: string;
  status: 'unverified' | 'verified';
} & (
  | {
      type: 'totp';
      /** Base32, as an authenticator app takes it. */
      secret: string;
    }
  | {
      type: 'phone';
      /** E.164 without the "+", as Auth keeps it. */
      phone: string;
    }
);

export interface SeedAccount {
  email: string;
  password: string;
  factors: SeedFactor[];
}

export type Seed = SeedAccount[];

/** Adds the accounts to a project, as if they had signed up and enrolled before. */
export async function plant(project: Project, seed: Seed): Promise<void> {
  for (const { email, password, factors } of seed) {
    const passwordHash = await hashPassword(password);
    const user = createUser(project, { email, passwordHash, appMetadata: { provider: 'email', providers: ['email'] } });
    const { data } = createIdentity(project, user, 'email', { email });
    project.store.users.update(user, { userMetadata: data });
    confirmEmail(project, user);
    for (const { status, ...rest } of factors) {
      const factor = addFactor(project, user, { phone: '', ...rest });
      project.store.factors.update(factor, { status });
    }
  }
  project.store.commit();
}
