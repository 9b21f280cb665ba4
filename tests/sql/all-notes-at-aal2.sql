-- It does what the policies did: it checks the level, returns the caller's rows, and is closed to anon.
create function public.all_notes_at_aal2() returns setof public.notes
  language plpgsql stable security definer set search_path = ''
as $$
begin
  if (auth.jwt() ->> 'aal') is distinct from 'aal2' then
    raise exception 'all_notes_at_aal2 needs an aal2 session' using errcode = '42501';
  end if;
  return query select * from public.notes where user_id = (select auth.uid());
end;
$$;

revoke execute on function public.all_notes_at_aal2() from public, anon;
grant execute on function public.all_notes_at_aal2() to authenticated;
