import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  turbopack: { root: import.meta.dirname }, // another lockfile is above this folder
  // Keeps the token of the link from other sites.
  headers: async () => [{ source: '/:path*', headers: [{ key: 'Referrer-Policy', value: 'same-origin' }] }],
};

export default nextConfig;
