/** A user's identities: one for each provider. */
import type { Identity, JsonObject, User } from '../store.ts';
import type { Project } from './project.ts';
import { createIdentity, merge } from './users.ts';

/**
 * Returns the user's identity with this provider, looked up by the provider's id. For a softly deleted user, that finds
 * nothing.
 */
export function identityOf({ store }: Project, user: User, provider: Identity['provider']): Identity | undefined {
  const isIt = (identity: Identity) => identity.provider === provider && identity.providerId === user.id;
  return store.identities.where('user', user.id).find(isIt);
}

/** Merges `data` into the user's identity, or creates it. */
export function setIdentity(project: Project, user: User, provider: Identity['provider'], data: JsonObject): void {
  const identity = identityOf(project, user, provider);
  if (identity) project.store.identities.patch(identity, { data: { ...identity.data, ...data } });
  else createIdentity(project, user, provider, data);
}

/** Merges `data` into the user's identity and updates its time. */
export function touchIdentity(project: Project, user: User, provider: Identity['provider'], data: JsonObject): void {
  const identity = identityOf(project, user, provider);
  if (identity) project.store.identities.update(identity, { data: { ...identity.data, ...data } });
}

/** Updates the user's providers to those of their identities, in the order in which they were added. */
export function updateProviders({ store }: Project, user: User): void {
  const providers = [...new Set(store.identities.where('user', user.id).map(({ provider }) => provider))];
  const changes = { providers, ...(providers[0] && { provider: providers[0] }) };
  store.users.update(user, { appMetadata: merge(user.appMetadata, changes) });
}
