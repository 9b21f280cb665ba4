-- Never do this: without `as restrictive`, one policy that lets a row through is enough. Every user at aal2 can now
-- read, change, and delete everybody's notes.
create policy "Only at aal2" on public.notes
  to authenticated
  using ((select auth.jwt() ->> 'aal') = 'aal2');
