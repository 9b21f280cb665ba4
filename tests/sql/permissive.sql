-- Protects nothing: without `as restrictive`, one policy that lets a row through is enough.
create policy "Only at aal2" on public.notes
  to authenticated
  using ((select auth.jwt() ->> 'aal') = 'aal2');
