import { type Keys, mac } from '../crypto/keys.ts'

/**
 * How long a rotated refresh token still answers whatever became of its successor, in milliseconds: pages ask twice at
 * once.
 */
export const ROTATION_GRACE = 3_000

/**
 * The token that takes the place of a refresh token, which is the same whoever asks and at whichever node. It is
 * computed and not kept, so the database gives it to nobody; it takes the installation's key and the old token.
 */
export const successorOf = (keys: Keys, token: string) => mac(keys.lookup, 'oidc/successor', token)

/**
 * What a used refresh token is worth: as good as new, too late, or stolen, since whoever used its successor has had the
 * answer and would not come with the old one.
 */
export type Worth = 'good' | 'late' | 'stolen'

/**
 * Judges a refresh token that was used before.
 *
 * @param age how long ago it was used first, in milliseconds
 * @param retry for how long it may be repeated while nobody has used its successor, in milliseconds
 * @param isSuccessorSpent asked only when it matters
 */
export async function worthOf(
  age: number,
  retry: number,
  isSuccessorSpent: () => Promise<boolean>,
): Promise<Worth> {
  if (age < ROTATION_GRACE) return 'good'
  if (await isSuccessorSpent()) return 'stolen'
  return age < retry ? 'good' : 'late'
}

/** Name of the member of a refresh token that came too late. */
export const LATE = 'late'
