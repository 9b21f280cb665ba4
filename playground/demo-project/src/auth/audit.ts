/** Audit events: the log lines that record who did what. */
import { timestamp } from '../go/time.ts';
import { nilUuid } from '../go/uuid.ts';
import type { JsonObject, User } from '../store.ts';
import { writeLog } from './log.ts';
import { type Actor, type Call, newId } from './project.ts';

const logTypes: Record<string, string> = {
  login: 'account',
  logout: 'account',
  user_signedup: 'team',
  user_invited: 'team',
  user_deleted: 'team',
  token_revoked: 'token',
  token_refreshed: 'token',
  factor_in_progress: 'factor',
  factor_unenrolled: 'factor',
  factor_deleted: 'factor',
  factor_updated: 'factor',
  challenge_created: 'factor',
  verification_attempted: 'factor',
};

/** Logs an audit event as a line of its own. The request's line also contains its last event. */
export function audit(call: Call, actor: Actor, action: string, traits?: JsonObject): void {
  const logType = logTypes[action] ?? 'user';
  const { full_name: name } = actor.userMetadata;
  const event: JsonObject = {
    action,
    actor_id: actor.id,
    ...(name !== undefined && { actor_name: name }),
    actor_username: actor.phone || actor.email,
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
      // Auth logs the IP address for factors and passkeys, except when an admin changes a factor.
      ip_address:
        (logType === 'factor' && action !== 'factor_updated') || traits?.['passkey_id'] !== undefined ? call.ip : '',
      request_id: call.requestId,
      ...(userAgent && { user_agent: userAgent }),
    },
    level: 'info',
    msg: 'audit_event',
  });
  call.logged['auth_event'] = event;
}

/** Logs the line that meters sign-ins. */
export function countSignIn(call: Call, user: User, method: string, details: JsonObject = {}): void {
  writeLog(call.project, {
    action: 'login',
    instance_id: nilUuid,
    level: 'info',
    login_method: method,
    metering: true,
    msg: 'Login',
    user_id: user.id,
    ...details,
  });
}
