/** `/exercises/<id>/code.json`: the files that an exercise begins with, fetched when the reader starts it. */
import type { APIRoute, GetStaticPaths, InferGetStaticPropsType } from 'astro';
import { exercises } from '../../../exercises/exercises.ts';
import { differences, startFiles } from '../../../exercises/files.ts';

export const getStaticPaths = (() =>
  Object.entries(exercises).map(([id, exercise]) => ({
    params: { exercise: id },
    props: { exercise },
  }))) satisfies GetStaticPaths;

export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props }) =>
  Response.json({ files: startFiles(props.exercise), open: differences(props.exercise)[0] });
