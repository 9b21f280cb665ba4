/** Text messages, recorded as the payloads that Auth sends to a send-SMS hook. */

import { goJson } from '../go/json-writer.ts';
import { timestamp } from '../go/time.ts';
import type { Json, User } from '../store.ts';
import { requestFields, writeLog } from './log.ts';
import { keepToken, tokenHash } from './one-time-tokens.ts';
import { type Call, newId, randomDigits } from './project.ts';
import { rateLimitError, waitingTime } from './rate-limits.ts';
import { type Shown, serializeUser } from './serialize.ts';

/**
 * Sends a code. For the challenge of a factor, `smsType` is `mfa`. `shown` is where the payload's user differs from the
 * tables.
 */
export function sendText(call: Call, user: User, phone: string, otp: string, smsType?: 'mfa', shown?: Shown): void {
  const { project } = call;
  const payload = {
    metadata: { uuid: newId(), time: timestamp(project.now()), name: 'send-sms', ip_address: call.ip },
    user: serializeUser(project, user, shown),
    sms: { otp, sms_type: smsType, phone },
  };
  project.store.keepText(JSON.parse(goJson(payload)) as Json);
  writeLog(project, {
    ...requestFields(call),
    action: 'run_hook',
    duration: 1_000_000,
    error: null,
    hook: `${project.url}/sms`,
    level: 'info',
    msg: 'Hook ran successfully',
    success: true,
  });
}

type Purpose = 'confirmation' | 'phone_change' | 'reauthentication';

/**
 * Sends a code to a user's number and stores its hash. Returns the id of the message, or nothing for a number with a
 * fixed code, which gets no message.
 * @throws AuthError 429 `over_sms_send_rate_limit` if the last one is too recent
 */
export function sendPhoneCode(
  call: Call,
  user: User,
  phone: string,
  purpose: Purpose,
  shown?: Shown,
): { message_id?: string } {
  const { project } = call;
  const { store, config, now } = project;
  const { max_frequency: frequency, test_otp: testCodes, otp_length: length } = config.auth.sms;
  const fields = {
    confirmation: { sentAt: 'confirmationSentAt', token: 'confirmationToken', type: 'confirmation_token' },
    phone_change: { sentAt: 'phoneChangeSentAt', token: 'phoneChangeToken', type: 'phone_change_token' },
    reauthentication: {
      sentAt: 'reauthenticationSentAt',
      token: 'reauthenticationToken',
      type: 'reauthentication_token',
    },
  } as const;
  const { sentAt, token, type } = fields[purpose];
  if (purpose === 'phone_change') store.users.patch(user, { phoneChange: phone });
  const wait = waitingTime(project, user[sentAt], frequency);
  if (wait >= 0) throw rateLimitError('over_sms_send_rate_limit', wait);
  const testCode = testCodes[phone];
  const code = testCode ?? randomDigits(length);
  if (testCode === undefined) sendText(call, user, phone, code, undefined, shown);
  const hash = tokenHash(phone, code);
  store.users.update(user, { [token]: hash, [sentAt]: now() });
  keepToken(store, user, type, hash);
  return testCode === undefined ? {} : { message_id: 'test-otp' };
}
