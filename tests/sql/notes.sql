create table public.notes (
  id bigint generated always as identity primary key,
  user_id uuid not null default auth.uid(),
  body text not null
);

alter table public.notes enable row level security;
grant select, insert, update, delete on public.notes to authenticated;

create policy "Own notes" on public.notes
  to authenticated
  using (user_id = (select auth.uid()));
