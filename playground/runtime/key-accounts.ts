import type { Seed } from '../demo-project/src/index.ts';

/**
 * The account with a security key. The key holds two credentials: a second factor and a passkey. Only the public keys
 * are here. Devices derive the private keys from the ids: they protect nothing.
 */
export const keyAccounts = [
  {
    id: '6bd0e0c2-6a0f-4c47-8f52-9d1c0d5b7a3e',
    email: 'hedy@example.com',
    password: 'old-password-hedy',
    factors: [
      {
        type: 'webauthn',
        friendlyName: 'Security key',
        status: 'verified',
        credential: {
          id: 'DemoOnly_HedysFactor',
          publicKey:
            'pQECAyYgASFYIIerjPOmWDXgbvaUFDXgP8fzAJbYIeNGJ_tjVdDf9keEIlgg4wYUv64AWrr0XBrXBQpNZtL0g2eFA3QE2Kw67BLtsUA',
        },
      },
    ],
    passkeys: [
      {
        credential: {
          id: 'DemoOnly_HedyPasskey',
          publicKey:
            'pQECAyYgASFYIHxwAAgfRZtVfO1id7WlOVYSd4tYYuXIAHwSmAjERgXNIlggrL30dbEHUu-581p4gNWRnoPNnCoO18wiL4h6JiZkEOs',
        },
      },
    ],
  },
] as const satisfies Seed;
