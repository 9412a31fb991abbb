import type { PersonalData } from '../users/password-policy.ts'
import type { StoredUser } from '../users/users.ts'
import type { State } from './flow.ts'

/**
 * What a password of this visitor must not be made of: what the user has, and what is about to become theirs.
 *
 * @example passwordProblems(password, settings.passwordPolicy, personalData(state, user))
 */
export function personalData({ profile, records }: State, user: StoredUser | undefined): PersonalData {
  const proven = (type: 'email' | 'phone') =>
    records
      .filter(({ identifier, verified }) => verified && identifier.type === type)
      .map(each => each.identifier.value)
  return {
    name: user?.name ?? profile.name,
    username: user?.username ?? profile.username,
    email: [user?.primaryEmail, profile.primaryEmail, ...proven('email')],
    phone: [user?.primaryPhone, profile.primaryPhone, ...proven('phone')],
  }
}
