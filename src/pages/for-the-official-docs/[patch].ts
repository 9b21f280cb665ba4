/** `/for-the-official-docs/<name>.patch`: the input for `git apply`. */
import type { APIRoute, GetStaticPaths, InferGetStaticPropsType } from 'astro';
import { patches } from '../../for-the-official-docs/patches.ts';

export const getStaticPaths = (() =>
  patches.map(({ name, text }) => ({ params: { patch: name }, props: { text } }))) satisfies GetStaticPaths;

export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props }) =>
  new Response(props.text, { headers: { 'content-type': 'text/x-diff; charset=utf-8' } });
