import type { Factor, User } from '../store.ts';
import { checkText } from './database-errors.ts';
import { newId, type Project } from './project.ts';

/** Adds a factor that is not verified yet. @throws TextError for a name that the database doesn't take */
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
