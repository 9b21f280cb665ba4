-- With the Supabase CLI, no text messages are sent. Auth calls this function for each message (the hook `send_sms` in
-- config.toml), and the function stores it in a table.
create table public.text_messages (
  id bigint generated always as identity primary key,
  payload jsonb not null
);
-- No policy, so nobody can read it through the API.
alter table public.text_messages enable row level security;

create function public.send_sms(event jsonb) returns jsonb
language sql security definer set search_path = ''
as $$
  insert into public.text_messages (payload) values (event);
  select '{}'::jsonb;
$$;

revoke execute on function public.send_sms from public, anon, authenticated;
grant usage on schema public to supabase_auth_admin;
grant execute on function public.send_sms to supabase_auth_admin;
