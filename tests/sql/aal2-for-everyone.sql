create policy "Only at aal2" on public.notes
  as restrictive
  to authenticated
  using ((select auth.jwt() ->> 'aal') = 'aal2');
