/** `/exercises/<id>.json`: what an exercise is in StackBlitz, fetched when the reader wants to open it there. */
import type { APIRoute, GetStaticPaths, InferGetStaticPropsType } from 'astro';
import { exercises } from '../../exercises/exercises.ts';
import { exerciseProject } from '../../exercises/files.ts';

export const getStaticPaths = (() =>
  Object.entries(exercises).map(([id, exercise]) => ({
    params: { exercise: id },
    props: { id, exercise },
  }))) satisfies GetStaticPaths;

export const GET: APIRoute<InferGetStaticPropsType<typeof getStaticPaths>> = ({ props }) =>
  Response.json(exerciseProject(props.exercise, `Exercise: ${props.id}`));
