import type { Plugin } from 'vite';

/** Makes `astro dev` answer `/play/<slug>/` with that folder's index.html, as static hosts and `astro preview` do. */
export function examplesInDev(): Plugin {
  return {
    name: 'examples-in-dev',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        request.url = request.url?.replace(/\/play\/[^/?]+\/(?=\?|$)/, '$&index.html');
        next();
      });
    },
  };
}
