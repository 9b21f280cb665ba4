/**
 * What the page downloads to run Postgres: PGlite's two files, and a database in which everything is set up before the reader's SQL. To set it up takes
 * seconds, so the build does it. All are compressed here, because not every host compresses files of these kinds.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { sourceFile } from '../sandbox/files.ts';
import { people, sessions } from './sessions.ts';

const compressed = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 });

/** A file of PGlite. */
function ofPackage(name: 'pglite.wasm' | 'pglite.data'): Buffer {
  return readFileSync(fileURLToPath(import.meta.resolve(`@electric-sql/pglite/${name}`)));
}

/** Runs the SQL of the page's first blocks, and adds what Auth knows of the users and their sessions. Returns the database as a tar file. */
async function database(): Promise<Uint8Array> {
  const postgres = await PGlite.create({ postgresqlconf: ['wal_recycle = off', 'min_wal_size = 32MB'] });
  await postgres.exec(sourceFile('tests/sql/supabase.sql'));
  await postgres.exec(`set role developer; ${sourceFile('tests/sql/notes.sql')}; reset role`);
  for (const [name, user] of Object.entries(people)) {
    await postgres.query('insert into notes (user_id, body) values ($1, $2)', [user, `of ${name}`]);
  }
  await postgres.query(`insert into auth.mfa_factors (user_id, status) values ($1, 'verified')`, [people.ada]);
  for (const { claims, stored } of sessions) {
    if (!stored) continue;
    await postgres.query('insert into auth.sessions (id, user_id, aal) values ($1, $2, $3)', [
      claims['session_id'],
      claims.sub,
      stored,
    ]);
  }
  // Four fifths of a new database are its templates, and the log of how it was made.
  await postgres.exec('update pg_database set datistemplate = false');
  for (const statement of [
    'drop database template0',
    'drop database template1',
    'select pg_switch_wal()',
    'checkpoint',
  ])
    await postgres.exec(statement);
  const dump = await postgres.dumpDataDir('none');
  await postgres.close();
  return new Uint8Array(await dump.arrayBuffer());
}

/** The files by their names, compressed. */
export const files: Promise<Map<string, Buffer<ArrayBuffer>>> = (async () =>
  new Map([
    ['postgres', compressed(ofPackage('pglite.wasm'))],
    ['data', compressed(ofPackage('pglite.data'))],
    ['database', compressed(await database())],
  ]))();
