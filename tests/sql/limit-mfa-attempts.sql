create table public.mfa_attempts (
  user_id uuid primary key,
  attempts int not null,
  began_at timestamptz not null
);

create function public.limit_mfa_attempts(event jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  tried_by constant uuid := event ->> 'user_id';
  tried int;
begin
  delete from public.mfa_attempts
    where user_id = tried_by and began_at < now() - interval '15 minutes';

  -- The upsert locks the row, so codes sent at the same moment are counted one by one.
  insert into public.mfa_attempts as mine values (tried_by, 1, now())
    on conflict (user_id) do update set attempts = mine.attempts + 1
    returning attempts into tried;

  -- Reject the right code too. Otherwise guessing could go on.
  if tried > 5 then
    return '{"decision": "reject", "message": "Too many wrong codes. Try again in 15 minutes."}';
  end if;

  if (event ->> 'valid')::boolean then
    delete from public.mfa_attempts where user_id = tried_by;
  end if;
  return '{"decision": "continue"}';
end $$;

-- Only Auth may call it, and nobody else sees the table.
grant usage on schema public to supabase_auth_admin;
grant execute on function public.limit_mfa_attempts to supabase_auth_admin;
revoke execute on function public.limit_mfa_attempts from public, anon, authenticated;
grant all on public.mfa_attempts to supabase_auth_admin;
revoke all on public.mfa_attempts from anon, authenticated;
alter table public.mfa_attempts enable row level security;
create policy "Auth counts" on public.mfa_attempts to supabase_auth_admin using (true);
