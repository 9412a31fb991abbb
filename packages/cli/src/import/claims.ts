import { emailKey, type ImportedUser } from '@countersign/server/move-in'
import type { Move, Note } from './outcome.ts'

/** Why a user cannot have their identifiers yet. */
export interface Conflict {
  note: Note
  /** Users here who have them, and may let them go in the same run; without, another user of the Logto has one. */
  rivals?: string[]
}

/** What of a user is looked at. */
type Held = Pick<ImportedUser, 'username' | 'primaryEmail' | 'primaryPhone'>

/** Finds who else has an identifier: a user here, or one who came before in the same run. */
export function createClaims({ here, ahead }: Move) {
  const taken = new Map<string, string>()
  /** Who let an identifier go in a trial, after which it is still theirs. */
  const freed = new Map<string, string>()

  const holders = (user: Held) =>
    [
      {
        name: 'username',
        key: user.username && (ahead.caseSensitive ? user.username : user.username.toLowerCase()),
        owner: (value: string) => here.users.find({ type: 'username', value }),
      },
      {
        name: 'e-mail address',
        key: user.primaryEmail === null ? null : emailKey(user.primaryEmail),
        owner: (value: string) => here.users.find({ type: 'email', value }),
      },
      {
        name: 'phone number',
        key: user.primaryPhone,
        owner: (value: string) => here.users.find({ type: 'phone', value }),
      },
    ].flatMap(({ key, ...rest }) => (key ? [{ ...rest, key, place: `${rest.name}/${key}` }] : []))

  return {
    /** Why a user cannot have their identifiers yet; nobody who comes later in the run has them any more. */
    async conflictOf(user: ImportedUser): Promise<Conflict | undefined> {
      const wanted = holders(user)
      for (const { name, place } of wanted) {
        const earlier = taken.get(place)
        if (earlier !== undefined && earlier !== user.id)
          return {
            note: {
              text: `the ${name} is that of another user of the Logto, as it is compared here`,
              detail: `user ${earlier} there`,
              remedy: 'Change it for one of the two there and import again.',
            },
          }
      }
      for (const { place } of wanted) taken.set(place, user.id)
      const rivals: string[] = []
      let note: Note | undefined
      for (const { name, key, place, owner } of wanted) {
        const other = await owner(key)
        if (!other || other.id === user.id || freed.get(place) === other.id) continue
        rivals.push(other.id)
        note ??= {
          text: `the ${name} belongs to another user here`,
          detail: `user ${other.id} here`,
          remedy: 'Delete or change one of the two, and import again.',
        }
      }
      return note && { note, rivals }
    },
    /** In a trial: somebody would be written, and have none of these any more but those that they claimed. */
    free(id: string, seen: Held): void {
      for (const { place } of holders(seen)) freed.set(place, id)
    },
  }
}

export type Claims = ReturnType<typeof createClaims>
