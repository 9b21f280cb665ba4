import { redirect } from '@sveltejs/kit';
import type { Actions } from './$types';

export const actions: Actions = {
  default: async ({ locals: { supabase } }) => {
    const { error } = await supabase.auth.signOut({ scope: 'local' });
    if (!error) redirect(303, '/signed-out');
  },
};
