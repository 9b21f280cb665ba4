import { fail, redirect } from '@sveltejs/kit';
import { findStep, problemOf, refuse } from '$lib/server/reset';
import type { Actions, PageServerLoad } from './$types';

// #region guard
export const load: PageServerLoad = async ({ locals: { supabase }, url }) => {
  const { step, email, factors } = await findStep(supabase);
  if (step !== '/enter-code') redirect(303, step);
  const named = factors
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at))
    .map(({ id, factor_type, friendly_name }) => ({
      id,
      type: factor_type,
      name: friendly_name || 'a factor without a name',
    }));
  const { factor, challenge } = Object.fromEntries(url.searchParams);
  return { email, factors: named, factor, challenge };
};
// #endregion

// #region code
export const actions: Actions = {
  verify: async ({ request, locals: { supabase } }) => {
    const form = await request.formData();
    const [factorId, challengeId] = [String(form.get('factor') ?? ''), String(form.get('challenge') ?? '')];
    const code = String(form.get('code') ?? '').replace(/\s/g, ''); // apps show "123 456"
    const fields = challengeId ? { factor: factorId, challenge: challengeId } : {};
    if (!code) return fail(400, { ...fields, problem: 'code' as const });
    const { mfa } = supabase.auth;
    const verify = () =>
      challengeId ? mfa.verify({ factorId, challengeId, code }) : mfa.challengeAndVerify({ factorId, code });
    let { error } = await verify();
    // The two calls came from different IP addresses, or too late, so Auth didn't look at
    // the code. Try a new challenge.
    if (error && !challengeId && problemOf(error) === 'challenge') ({ error } = await verify());
    if (error) return refuse(error, fields);
    redirect(303, '/new-password');
  },
  /** Sends a code to a phone. Passes the challenge to the form for the code. */
  text: async ({ request, locals: { supabase } }) => {
    const factor = String((await request.formData()).get('factor') ?? '');
    const { data, error } = await supabase.auth.mfa.challenge({ factorId: factor, channel: 'sms' });
    if (error) return refuse(error, {});
    redirect(303, `/enter-code?${new URLSearchParams({ factor, challenge: data.id })}`);
  },
};
// #endregion
