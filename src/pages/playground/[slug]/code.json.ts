/** `/playground/<slug>/code.json`: what the code part of an example's sandbox shows, fetched when the reader opens it. */
import { getCollection } from 'astro:content';
import type { APIRoute, GetStaticPaths, InferGetStaticPropsType } from 'astro';
import { decisiveLine, exampleFiles } from '../../../sandbox/files.ts';

export const getStaticPaths = (async () => {
  const examples = await getCollection('examples');
  return examples.map(({ id }) => ({ params: { slug: id }, props: { slug: id } }));
}) satisfies GetStaticPaths;

export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props }) => {
  const files = exampleFiles(props.slug);
  return Response.json({ files, open: decisiveLine(files) });
};
