/**
 * The files that the page downloads to run Postgres: two of PGlite, and a database that's ready for the reader's SQL. Setting up the
 * database takes seconds, so the build does it. The build also compresses the files, because not every host does.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { sourceFile } from '../sandbox/files.ts';
import { people, sessions } from './sessions.ts';

const compressed = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 });

/** Reads a file of the PGlite package. */
function ofPackage(name: 'pglite.wasm' | 'pglite.data'): Buffer {
  return readFileSync(fileURLToPath(import.meta.resolve(`@electric-sql/pglite/${name}`)));
}

/** Runs the SQL of the page's first blocks, and adds Auth's rows for the users and their sessions. Returns the database as a tar file. */
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
  // Templates and the write-ahead log make up four fifths of a new database.
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

/** The compressed files, by name. */
export const files: Promise<Map<string, Buffer<ArrayBuffer>>> = (async () =>
  new Map([
    ['postgres', compressed(ofPackage('pglite.wasm'))],
    ['data', compressed(ofPackage('pglite.data'))],
    ['database', compressed(await database())],
  ]))();
