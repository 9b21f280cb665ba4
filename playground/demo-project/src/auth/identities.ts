/** A user's identities: one for each way of signing in. */
import type { Identity, JsonObject, User } from '../store.ts';
import type { Project } from './project.ts';
import { createIdentity, merge } from './users.ts';

/** The user's identity with this provider, found by its id there: a softly deleted user has none that can be found. */
export function identityOf({ store }: Project, user: User, provider: Identity['provider']): Identity | undefined {
  const isIt = (identity: Identity) => identity.provider === provider && identity.providerId === user.id;
  return store.identities.where('user', user.id).find(isIt);
}

/** Lays `data` over that of the user's identity, or over a new one. */
export function setIdentity(project: Project, user: User, provider: Identity['provider'], data: JsonObject): void {
  const identity = identityOf(project, user, provider);
  if (identity) project.store.identities.patch(identity, { data: { ...identity.data, ...data } });
  else createIdentity(project, user, provider, data);
}

/** Lays `data` over that of the user's identity, and notes when. */
export function touchIdentity(project: Project, user: User, provider: Identity['provider'], data: JsonObject): void {
  const identity = identityOf(project, user, provider);
  if (identity) project.store.identities.update(identity, { data: { ...identity.data, ...data } });
}

/** The providers of the user's identities, in the order in which they came. */
export function updateProviders({ store }: Project, user: User): void {
  const providers = [...new Set(store.identities.where('user', user.id).map(({ provider }) => provider))];
  const changes = { providers, ...(providers[0] && { provider: providers[0] }) };
  store.users.update(user, { appMetadata: merge(user.appMetadata, changes) });
}
