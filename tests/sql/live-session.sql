create schema if not exists private;
grant usage on schema private to authenticated;

-- Returns the session's current level in Auth, or null if the session has ended.
create function private.session_aal() returns text
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select aal::text from auth.sessions
  where id = (select auth.jwt() ->> 'session_id')::uuid;
$$;

revoke execute on function private.session_aal() from public;
grant execute on function private.session_aal() to authenticated;

create policy "Only in a live session at aal2" on public.notes
  as restrictive
  to authenticated
  using ((select private.session_aal()) = 'aal2');
