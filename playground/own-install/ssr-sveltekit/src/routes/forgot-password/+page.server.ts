import { fail } from '@sveltejs/kit';
import { problemIn } from '$lib/problems';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({ problem: problemIn(url) });

export const actions: Actions = {
  /** Gives every address the same answer, so it doesn't reveal who has an account. */
  default: async ({ request, locals: { supabase } }) => {
    const form = await request.formData();
    const { error } = await supabase.auth.resetPasswordForEmail(String(form.get('email') ?? ''));
    if (error?.code === 'over_request_rate_limit') return fail(429, { problem: 'too-often' as const }); // counted by IP address
    if (error) console.error(error); // it may depend on the account, so only log it
    return { sent: true };
  },
};
