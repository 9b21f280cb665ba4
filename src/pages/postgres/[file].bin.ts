/** `/postgres/<file>.bin`: what the page about policies downloads when the reader starts Postgres there. */
import type { APIRoute, GetStaticPaths, InferGetStaticPropsType } from 'astro';
import { files } from '../../policies/prepared.ts';

export const getStaticPaths = (async () => {
  return [...(await files)].map(([file, bytes]) => ({ params: { file }, props: { bytes } }));
}) satisfies GetStaticPaths;

export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props }) => {
  return new Response(props.bytes, { headers: { 'content-type': 'application/octet-stream' } });
};
