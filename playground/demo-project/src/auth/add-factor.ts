import type { Factor, User } from '../store.ts';
import { checkText } from './database-errors.ts';
import { newId, type Project } from './project.ts';

/** Adds an unverified factor. @throws TextError if the database rejects the name */
export function addFactor(
  { store, now }: Project,
  user: User,
  factor: Pick<Factor, 'type' | 'friendlyName' | 'secret' | 'phone'>,
): Factor {
  checkText(factor.friendlyName);
  return store.factors.insert({
    id: newId(),
    userId: user.id,
    status: 'unverified',
    challenges: 0,
    createdAt: now(),
    updatedAt: now(),
    ...factor,
  });
}
