/** PKCE: a request with a code challenge leads to an auth code, which only the holder of the verifier can exchange. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { toBase64Url } from '../go/base64.ts';
import { quote } from '../go/quote.ts';
import type { FlowState, User } from '../store.ts';
import { AuthError, invalid, Panic, UnhandledError } from './errors.ts';
import { fiveMinutes, newId, type Project } from './project.ts';

/** Five minutes; also Auth's minimum. */
const lifetime = fiveMinutes;

/** @throws AuthError 400 `validation_failed` for half a pair or a challenge that is none */
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

/** Starts a flow; `method` becomes the session's way of signing in. The newest of a user and method is the one that counts. */
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

/** The auth code for a link that was opened. @throws AuthError 422 `flow_state_not_found` */
export function issueAuthCode(project: Project, user: User, method: string): string {
  const flow = project.store.flowStates.where('purpose', `${user.id} ${method}`).at(-1);
  if (!flow) throw new AuthError(422, 'flow_state_not_found', 'No valid flow state found for user.');
  project.store.flowStates.update(flow, { codeIssuedAt: project.now() });
  return flow.id;
}

/** Only a magic link's time starts when it is opened: a recovery has five minutes from the request. */
function isExpired(project: Project, { method, codeIssuedAt, createdAt }: FlowState): boolean {
  const since = method === 'magiclink' && codeIssuedAt !== undefined ? codeIssuedAt : createdAt;
  return project.now() > since + lifetime;
}

/**
 * The flow of an auth code, for the holder of its verifier, and whose it is.
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
