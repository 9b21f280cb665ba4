/** Example texts for Decode, by their button's label. They look like what readers have, but contain no secrets. */
export const examples: { [label: string]: (now: number) => string } = {
  'A token': (now) => {
    const time = Math.floor(now / 1000);
    const claims = {
      iss: 'https://abcdefghijklmnop.supabase.co/auth/v1',
      sub: '2c4e9a3e-6f5b-4b7e-9a55-1f0b8f6f3a11',
      aud: 'authenticated',
      exp: time + 3300,
      iat: time - 300,
      email: 'ada@example.com',
      phone: '',
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: { email: 'ada@example.com', email_verified: true },
      role: 'authenticated',
      aal: 'aal1',
      amr: [{ method: 'otp', timestamp: time - 300 }],
      session_id: '7d9f5d0e-54d1-4d0e-8f43-6ad2d8c0a001',
      is_anonymous: false,
    };
    return `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}.bm90LWEtc2lnbmF0dXJl`;
  },
  'An error': () =>
    'AuthApiError: AAL2 session is required to update email or password when MFA is enabled.\n    at handleError (fetch.ts:102:9)',
  'A log line': (now) =>
    JSON.stringify({
      component: 'api',
      error: '422: Challenge and verify IP addresses mismatch.',
      error_code: 'mfa_ip_address_mismatch',
      level: 'warning',
      method: 'POST',
      msg: 'request completed',
      path: '/factors/5d1d0b0c-9c43-4b5b-8e0f-1f2d3c4b5a69/verify',
      remote_addr: '203.0.113.7',
      request_id: '945d2fa0b0c3e8f1-MXP',
      status: 422,
      time: new Date(now).toISOString().replace(/\.\d+/, ''),
    }),
  'A link': () =>
    'https://app.example.com/reset-password#error=access_denied&error_code=otp_expired&error_description=Email+link+is+invalid+or+has+expired',
};

function base64url(value: object): string {
  return btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
