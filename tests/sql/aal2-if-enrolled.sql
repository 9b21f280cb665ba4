create schema if not exists private;
grant usage on schema private to authenticated;

create function private.has_verified_factor() returns boolean
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select exists (
    select from auth.mfa_factors
    where user_id = (select auth.uid()) and status = 'verified'
  );
$$;

revoke execute on function private.has_verified_factor() from public;
grant execute on function private.has_verified_factor() to authenticated;

create policy "At aal2, if the user has a factor" on public.notes
  as restrictive
  to authenticated
  using (
    (select auth.jwt() ->> 'aal') = 'aal2'
    or not (select private.has_verified_factor())
  );
