import { defineRouteMiddleware } from '@astrojs/starlight/route-data';

/** Removes the table of contents from pages with three headings or fewer, which are shorter than the list would be. */
export const onRequest = defineRouteMiddleware(({ locals }) => {
  const { toc, headings } = locals.starlightRoute;
  if (!toc) return;
  const listed = headings.filter(({ depth }) => depth >= toc.minHeadingLevel && depth <= toc.maxHeadingLevel);
  if (listed.length <= 3) locals.starlightRoute.toc = undefined;
});
