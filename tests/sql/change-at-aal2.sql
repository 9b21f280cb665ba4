create policy "Add at aal2" on public.notes
  as restrictive for insert to authenticated
  with check ((select auth.jwt() ->> 'aal') = 'aal2');

create policy "Change at aal2" on public.notes
  as restrictive for update to authenticated
  using ((select auth.jwt() ->> 'aal') = 'aal2');

create policy "Delete at aal2" on public.notes
  as restrictive for delete to authenticated
  using ((select auth.jwt() ->> 'aal') = 'aal2');
