/** What your server answers to the app. Its supabase-js client has the secret key, so this never runs in a browser. */
import type { SupabaseClient, User } from '@supabase/supabase-js';
// biome-ignore lint/suspicious/noShadowRestrictedNames: this copy goes by the clock that the reader moves
import { ProjectDate as Date } from '../project-date.ts';
import { delay, type Removal } from './remove-lost-factors.ts';

export interface Support {
  admin: SupabaseClient;
  /** The requests by their ids, newest last: a table that only your server can reach. */
  removals: Map<string, Removal>;
  /** Where the user objects to a request. */
  objectionUrl: (id: string) => string;
  /** Sends a notice to every address and number of a user. Supabase sends none. */
  notify: (user: User, subject: string, html: string) => Promise<void>;
}

/** Writes down who asks to have a lost factor removed, or who objects to that. */
export async function answer(request: Request, support: Support): Promise<Response> {
  const { objectsTo } = await request.json();
  return objectsTo ? object(objectsTo, support) : ask(request, support);
}

async function ask(request: Request, { admin, removals, objectionUrl, notify }: Support): Promise<Response> {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '');
  const { data, error } = await admin.auth.getUser(token); // asks Auth, so an ended session can't ask for anything
  if (error) return Response.json({}, { status: 401 });
  const id = crypto.randomUUID();
  const removal: Removal = { userId: data.user.id, askedAt: new Date(), objections: [] };
  removals.set(id, removal);
  await notify(data.user, 'Did you ask us to remove two-step verification?', notice(removal, objectionUrl(id)));
  return Response.json({});
}

/** One objection stops every request for this user. */
function object(id: string, { removals }: Support): Response {
  const userId = removals.get(id)?.userId;
  if (!userId) return Response.json({}, { status: 404 });
  const objection = { from: 'somebody with the link in the notice', at: new Date() };
  for (const removal of removals.values()) if (removal.userId === userId) removal.objections.push(objection);
  return Response.json({});
}

function notice(removal: Removal, objectionUrl: string): string {
  const date = (at: Date) => at.toDateString();
  return `<p>Someone asked us to remove two-step verification from your account on <b>${date(removal.askedAt)}</b>,
because they can't use their authenticator. If this was you, please join the video call that we invite you to, and have
your ID ready. We'll remove it on <b>${date(new Date(removal.askedAt.getTime() + delay))}</b> at the earliest. Your account will be locked for
about an hour on that day.</p>
<p><b>If this wasn't you, stop it now:</b> <a href="${objectionUrl}">I didn't ask for this</a></p>
<p>We'll stop, and nothing changes. Someone may be reading your email, so please change that password too.</p>
<p>We'll never ask you for a code or a password.</p>`;
}
