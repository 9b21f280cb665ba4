/** `/playground/<slug>.json`: an example's StackBlitz project, fetched when the reader opens it there. */
import { getCollection } from 'astro:content';
import type { APIRoute, GetStaticPaths, InferGetStaticPropsType } from 'astro';
import { stackBlitzProject } from '../../sandbox/files.ts';

export const getStaticPaths = (async () => {
  const examples = await getCollection('examples');
  return examples.map(({ id, data }) => ({ params: { slug: id }, props: { slug: id, ...data } }));
}) satisfies GetStaticPaths;

export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props }) => {
  return Response.json(stackBlitzProject(props.slug, props.title, props.description));
};
