/** The files of an exercise, made from its example: at the start, and solved. */
import { Chunk } from '@codemirror/merge';
import { Text } from '@codemirror/state';
import type { Project } from '@stackblitz/sdk';
import { type ExampleFile, exampleFiles, stackBlitzProject } from '../sandbox/files.ts';
import { type Change, type Exercise, exercises } from './exercises.ts';

/** Returns the exercise with this id. Throws if there is none. */
export function exerciseOf(id: string): Exercise {
  const exercise = exercises[id];
  if (!exercise) throw new Error(`There is no exercise ${id} in src/exercises/exercises.ts`);
  return exercise;
}

/** Returns the files that the reader starts with. Throws if the example no longer has a place that the exercise changes. */
export function startFiles({ example, start }: Exercise): ExampleFile[] {
  return change(exampleFiles(example), start);
}

/** Returns the files of a solution. Throws if a place that it changes isn't there. */
export function solvedFiles(exercise: Exercise): ExampleFile[] {
  const { example, solution } = exercise;
  return solution ? change(startFiles(exercise), solution) : exampleFiles(example);
}

function change(files: ExampleFile[], changes: Change[]): ExampleFile[] {
  for (const { path, from } of changes) {
    const { code } = files.find((file) => file.path === path) ?? { code: '' };
    if (code.split(from).length !== 2)
      throw new Error(`An exercise changes one place in ${path}, which isn't there: ${from}`);
  }
  return files.map(({ path, code }) => ({
    path,
    code: changes
      .filter((change) => change.path === path)
      .reduce((text, { from, to }) => text.replace(from, () => to), code),
  }));
}

/** The lines of a file that solve an exercise. */
export interface Difference {
  path: string;
  /** The line where the last change begins. Earlier changes may only be comments. */
  line: number;
  /** As in a diff: each change with a line before and after it, and … for lines that are left out. */
  diff: string;
}

/** Returns what a solution changes, file by file. */
export function differences(exercise: Exercise): Difference[] {
  const solved = new Map(solvedFiles(exercise).map(({ path, code }) => [path, code]));
  return startFiles(exercise).flatMap(({ path, code }) => {
    const [before, after] = [code, solved.get(path) ?? ''].map((text) => Text.of(text.split('\n'))) as [Text, Text];
    const chunks = Chunk.build(before, after);
    const last = chunks.at(-1);
    return last ? [{ path, line: before.lineAt(last.fromA).number, diff: toDiff(before, after, chunks) }] : [];
  });
}

function toDiff(before: Text, after: Text, chunks: readonly Chunk[]): string {
  const all: string[] = [];
  let end = 0;
  for (const { fromA, toA, fromB, toB } of chunks) {
    all.push(...lines(before, end, fromA, ' '), ...lines(before, fromA, toA, '-'), ...lines(after, fromB, toB, '+'));
    end = toA;
  }
  all.push(...lines(before, end, before.length, ' '));
  const isNear = (index: number) => all.slice(Math.max(0, index - 1), index + 2).some((line) => !line.startsWith(' '));
  return all
    .map((line, index) => (isNear(index) ? line : ' …'))
    .join('\n')
    .replaceAll(/ …(\n …)+/g, ' …')
    .replaceAll(/^ …\n|\n …$/g, '');
}

/** Returns the lines between two offsets, each with a sign before it. */
function lines(text: Text, from: number, to: number, sign: string): string[] {
  if (from >= to) return [];
  return text
    .sliceString(from, to)
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => sign + line);
}

/** Returns the exercise's start as a StackBlitz project. */
export function exerciseProject(exercise: Exercise, title: string): Project {
  const project = stackBlitzProject(exercise.example, title, 'An exercise of the guide.');
  const changed = exercise.start.map(({ path }) => path);
  const files = startFiles(exercise).filter(({ path }) => changed.includes(path));
  return {
    ...project,
    files: { ...project.files, ...Object.fromEntries(files.map(({ path, code }) => [path, `${code}\n`])) },
  };
}
