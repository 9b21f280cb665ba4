import type { Seed } from '../demo-project/src/index.ts';
import { keyAccounts } from './key-accounts.ts';

/**
 * The accounts that a sandbox starts with. Only data, so that a page can show them without loading the project. Anyone
 * can read these secrets, and they protect nothing.
 */
export const demoAccounts = [
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
  {
    email: 'radia@example.com',
    password: 'old-password-radia',
    // Nobody has these numbers: Ofcom reserves the range for drama.
    factors: [{ type: 'phone', friendlyName: 'Mobile', phone: '447700900142', status: 'verified' }],
  },
  {
    email: 'dorothy@example.com',
    password: 'old-password-dorothy',
    factors: [
      {
        type: 'totp',
        friendlyName: 'Authenticator app',
        secret: 'DEMOONLYDOROTHYDEMOONLYDOROTHYDE',
        status: 'verified',
      },
      { type: 'phone', friendlyName: 'Mobile', phone: '447700900153', status: 'verified' },
    ],
  },
  ...keyAccounts,
] as const satisfies Seed;

/** An account of the cast, or any other account. */
export interface Account {
  email: string;
  password: string;
  factors: readonly (typeof demoAccounts)[number]['factors'][number][];
}

/** The accounts that the examples of each flow use. The steps begin with the first. */
export const accountsOf: { [flow: string]: string[] } = {
  failing: ['ada@example.com', 'grace@example.com'],
  totp: ['ada@example.com', 'katherine@example.com', 'grace@example.com', 'alan@example.com'],
  phone: ['radia@example.com', 'dorothy@example.com', 'grace@example.com'],
  'ways-in': ['ada@example.com', 'grace@example.com'],
  'security-key': ['hedy@example.com', 'grace@example.com'],
  'lost-factor': ['ada@example.com', 'katherine@example.com'],
  ssr: ['ada@example.com', 'radia@example.com', 'dorothy@example.com', 'grace@example.com'],
};

/** The accounts of a flow's examples, in the order of the cast; all accounts for a flow that has no list. */
export function accountsIn(flow: string): readonly (typeof demoAccounts)[number][] {
  return demoAccounts.filter(({ email }) => accountsOf[flow]?.includes(email) ?? true);
}

const kinds = { totp: 'an authenticator app', phone: 'a phone', webauthn: 'a security key' };

/** Describes the second factor of an account in words. */
export function describeFactors({ factors }: Account): string {
  const verified = factors.filter(({ status }) => status === 'verified').map(({ type }) => type);
  if (verified.length === 0) return factors.length > 0 ? 'one that was never verified' : 'none';
  return verified.join() === 'totp,totp' ? 'two authenticators' : verified.map((type) => kinds[type]).join(' and ');
}

/** For `npm run demo-project`, which names this file as its seed. */
export default demoAccounts;
