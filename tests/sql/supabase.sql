-- What a Supabase project has before its own tables, as far as policies on `aal` need it. Run this as a superuser.
-- Roles, and what they may do in the schema auth:
--   github.com/supabase/postgres, migrations/db/init-scripts/00000000000001-auth-schema.sql and migrations/10000000000000_demote-postgres.sql
-- auth.uid(), auth.jwt(), auth.mfa_factors, auth.sessions, their row level security and the grants to `postgres`:
--   github.com/supabase/auth, migrations/20220224000811, 20220531120530, 20220811173540, 20221003041349, 20221003041400 and 20240612123726
-- What users may execute in the schema public unless a migration revokes it:
--   github.com/supabase/postgres, migrations/db/init-scripts/00000000000000-initial-schema.sql

create role anon nologin;
create role authenticated nologin;
create role supabase_auth_admin nologin noinherit;

-- Replaces Supabase's `postgres`, the role for migrations and the SQL editor. There it isn't a superuser, but
-- it bypasses row level security.
create role developer nologin bypassrls;

grant create on database postgres to developer;
grant usage, create on schema public to developer;
grant usage on schema public to anon, authenticated;
alter default privileges for role developer in schema public grant all on functions to anon, authenticated;

create schema auth authorization supabase_auth_admin;
grant usage on schema auth to developer, anon, authenticated;

create function auth.jwt() returns jsonb language sql stable
  return nullif(current_setting('request.jwt.claims', true), '')::jsonb;

create function auth.uid() returns uuid language sql stable
  return (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;

create type auth.factor_status as enum ('unverified', 'verified');

create table auth.mfa_factors (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  status auth.factor_status not null
);
alter table auth.mfa_factors owner to supabase_auth_admin;
alter table auth.mfa_factors enable row level security;
grant select on auth.mfa_factors to developer with grant option;

create type auth.aal_level as enum ('aal1', 'aal2', 'aal3');

create table auth.sessions (
  id uuid primary key,
  user_id uuid not null,
  aal auth.aal_level
);
alter table auth.sessions owner to supabase_auth_admin;
alter table auth.sessions enable row level security;
grant select on auth.sessions to developer with grant option;
