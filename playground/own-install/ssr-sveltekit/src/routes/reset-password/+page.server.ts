import { redirect } from '@sveltejs/kit';
import { findStep, refuse } from '$lib/server/reset';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ tokenHash: url.searchParams.get('token_hash') });

// #region start
export const actions: Actions = {
  /** Handles the button. Only this uses the link up. */
  default: async ({ request, locals: { supabase } }) => {
    const form = await request.formData();
    const token_hash = String(form.get('token_hash') ?? '');
    const { error } = await supabase.auth.verifyOtp({ type: 'recovery', token_hash });
    if (error) return refuse(error, {});
    redirect(303, (await findStep(supabase)).step);
  },
};
// #endregion
