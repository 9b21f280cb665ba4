import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  turbopack: { root: import.meta.dirname }, // because there's another lockfile above this folder
  // Keeps the token in the link from other sites.
  headers: async () => [{ source: '/:path*', headers: [{ key: 'Referrer-Policy', value: 'same-origin' }] }],
};

export default nextConfig;
