/** What Supabase Auth writes to its log: one JSON object per line, keys in alphabetical order. */
import { type Json, remember, type User } from '../store.ts';
import { type Call, newId, type Project, timestamp } from './project.ts';

/** Adds a line. `time` is added, in whole seconds as Auth has it. */
export function writeLog(project: Project, entry: { [key: string]: Json }): void {
  const line = { ...entry, time: timestamp(Math.floor(project.now() / 1000) * 1000) };
  remember(
    project.store.log,
    JSON.stringify(Object.fromEntries(Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1)))),
    2000,
  );
}

const logTypes: Record<string, string> = {
  login: 'account',
  logout: 'account',
  user_invited: 'team',
  user_signedup: 'team',
  user_deleted: 'team',
  token_revoked: 'token',
  token_refreshed: 'token',
  user_modified: 'user',
  user_recovery_requested: 'user',
  user_reauthenticate_requested: 'user',
  user_confirmation_requested: 'user',
  user_repeated_signup: 'user',
  user_updated_password: 'user',
  factor_in_progress: 'factor',
  factor_unenrolled: 'factor',
  factor_deleted: 'factor',
  factor_updated: 'factor',
  challenge_created: 'factor',
  verification_attempted: 'factor',
};

/** Records an audit event of a request: a line of its own, and the last one stands in the request's line as well. */
export function audit(call: Call, actor: User, action: string, traits?: { [key: string]: Json }): void {
  const logType = logTypes[action] ?? 'user';
  const event: { [key: string]: Json } = {
    action,
    actor_id: actor.id,
    actor_username: actor.phone ?? actor.email ?? '',
    actor_via_sso: false,
    log_type: logType,
    ...(traits && { traits }),
  };
  const userAgent = call.request.headers.get('user-agent');
  writeLog(call.project, {
    auth_audit_event: {
      ...event,
      audit_log_id: newId(),
      created_at: timestamp(call.project.now()),
      ip_address: logType === 'factor' ? call.ip : '',
      request_id: call.requestId,
      ...(userAgent && { user_agent: userAgent }),
    },
    level: 'info',
    msg: 'audit_event',
  });
  call.logged['auth_event'] = event;
}

/** The line by which sign-ins are counted. */
export function countSignIn(call: Call, user: User, method: string, provider?: string): void {
  writeLog(call.project, {
    action: 'login',
    instance_id: '00000000-0000-0000-0000-000000000000',
    level: 'info',
    login_method: method,
    metering: true,
    msg: 'Login',
    ...(provider && { provider }),
    user_id: user.id,
  });
}
