-- Fails: the policy itself reads auth.mfa_factors with the role of the user who sends the request.
create policy "At aal2, if the user has a factor" on public.notes
  as restrictive
  to authenticated
  using (
    (select auth.jwt() ->> 'aal') = 'aal2'
    or not exists (
      select from auth.mfa_factors
      where user_id = (select auth.uid()) and status = 'verified'
    )
  );
