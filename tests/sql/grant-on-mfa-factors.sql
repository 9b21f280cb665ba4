-- Never do this: the error goes, and the policy lets everybody through.
grant select on auth.mfa_factors to authenticated;
