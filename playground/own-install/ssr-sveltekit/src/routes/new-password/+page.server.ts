import { redirect } from '@sveltejs/kit';
import { findStep, refuse } from '$lib/server/reset';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase } }) => {
  const { step, email } = await findStep(supabase);
  if (step !== '/new-password') redirect(303, step);
  return { email };
};

// #region password
export const actions: Actions = {
  default: async ({ request, locals: { supabase } }) => {
    const form = await request.formData();
    const { error } = await supabase.auth.updateUser({ password: String(form.get('password') ?? '') });
    if (error) return refuse(error, {});
    redirect(303, '/password-changed');
  },
};
// #endregion
