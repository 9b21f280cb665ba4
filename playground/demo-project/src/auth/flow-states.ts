/** PKCE: a request with a code challenge leads to an auth code. Only the holder of the verifier can exchange that code. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from '../go/base64.ts';
import { quote } from '../go/quote.ts';
import type { FlowState, User } from '../store.ts';
import { AuthError, invalid, Panic, UnhandledError } from './errors.ts';
import { fiveMinutes, newId, type Project } from './project.ts';

/** Five minutes, which is also Auth's minimum. */
const lifetime = fiveMinutes;

/** @throws AuthError 400 `validation_failed` if only one of the two is given, or the challenge is malformed */
export function checkChallenge(challenge: string, method: string): void {
  if ((challenge === '') !== (method === ''))
    throw invalid('PKCE flow requires code_challenge_method and code_challenge');
  if (challenge === '') return;
  const { length } = utf8ToBytes(challenge);
  if (length < 43 || length > 128) throw invalid('code challenge has to be between 43 and 128 characters');
  if (!/^[a-zA-Z._~0-9-]+$/.test(challenge)) {
    throw invalid('code challenge can only contain alphanumeric characters, hyphens, periods, underscores and tildes');
  }
}

/**
 * Starts a flow. `method` becomes the session's authentication method. Only the newest flow of a user and method
 * counts.
 */
export function startFlow(
  project: Project,
  user: User,
  method: string,
  codeChallenge: string,
  challengeMethod: string,
  providerType = method,
): void {
  const codeChallengeMethod = challengeMethod.toLowerCase();
  if (codeChallengeMethod !== 's256' && codeChallengeMethod !== 'plain')
    throw new UnhandledError(`unsupported code_challenge method ${quote(challengeMethod)}`);
  const { store } = project;
  store.flowStates.insert({
    id: newId(),
    userId: user.id,
    providerType,
    method,
    codeChallenge,
    codeChallengeMethod,
    createdAt: project.now(),
  });
  store.flowStates.trim('purpose', `${user.id} ${method}`, 20, (flow) => isExpired(project, flow));
}

/** Returns the auth code for a link that was opened. @throws AuthError 422 `flow_state_not_found` */
export function issueAuthCode(project: Project, user: User, method: string): string {
  const flow = project.store.flowStates.where('purpose', `${user.id} ${method}`).at(-1);
  if (!flow) throw new AuthError(422, 'flow_state_not_found', 'No valid flow state found for user.');
  project.store.flowStates.update(flow, { codeIssuedAt: project.now() });
  return flow.id;
}

/** For magic links, the five minutes start when the link is opened. For recoveries, they start with the request. */
function isExpired(project: Project, { method, codeIssuedAt, createdAt }: FlowState): boolean {
  const since = method === 'magiclink' && codeIssuedAt !== undefined ? codeIssuedAt : createdAt;
  return project.now() > since + lifetime;
}

/**
 * Returns the flow of an auth code and its user, if the verifier is right.
 * @throws AuthError 404 `flow_state_not_found`, 422 `flow_state_expired`, 400 `bad_code_verifier`
 */
export function findFlow(project: Project, code: string, verifier: string): { flow: FlowState; user: User } {
  if (code.includes('\0')) throw new Panic('runtime error: invalid memory address or nil pointer dereference');
  const flow = project.store.flowStates.get(code);
  if (!flow) throw new AuthError(404, 'flow_state_not_found', 'invalid flow state, no valid flow state found');
  if (isExpired(project, flow))
    throw new AuthError(422, 'flow_state_expired', 'invalid flow state, flow state has expired');
  const user = project.store.users.get(flow.userId);
  if (!user) throw new UnhandledError('User not found');
  const expected = flow.codeChallengeMethod === 's256' ? toBase64Url(sha256(utf8ToBytes(verifier))) : verifier;
  if (expected !== flow.codeChallenge)
    throw new AuthError(400, 'bad_code_verifier', 'code challenge does not match previously saved code verifier');
  return { flow, user };
}
