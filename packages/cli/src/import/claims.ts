import { emailKey, type ImportedUser } from '@countersign/server/move-in'
import type { Move, Note } from './outcome.ts'

/** Who has the identifier that a user is to have; `here` that user may let it go yet, in the same run. */
export interface Conflict {
  where: 'there' | 'here'
  note: Note
}

/** What of a user is looked at. */
type Held = Pick<ImportedUser, 'username' | 'primaryEmail' | 'primaryPhone'>

/** Finds who else has an identifier: a user here, or one who came before in the same run. */
export function createClaims({ here, ahead, trial }: Move) {
  const taken = new Map<string, string>()
  /** Who lets an identifier go in a trial, after which it is still theirs. */
  const freed = new Map<string, string>()

  const holders = (user: Held) => [
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
  ]

  return {
    /** Why a user cannot have their identifiers here; undefined when they can, and then has them. */
    async conflictOf(user: ImportedUser, seen: Held | undefined): Promise<Conflict | undefined> {
      for (const { name, key, owner } of holders(user)) {
        if (!key) continue
        const earlier = taken.get(`${name}/${key}`)
        if (earlier !== undefined && earlier !== user.id)
          return {
            where: 'there',
            note: {
              text: `the ${name} is that of another user of the Logto, as it is compared here`,
              detail: `user ${earlier} there`,
              remedy: 'Change it for one of the two there and import again.',
            },
          }
        const other = await owner(key)
        if (other && other.id !== user.id && freed.get(`${name}/${key}`) !== other.id)
          return {
            where: 'here',
            note: {
              text: `the ${name} belongs to another user here`,
              detail: `user ${other.id} here`,
              remedy: 'Delete or change one of the two, and import again.',
            },
          }
      }
      if (trial && seen)
        for (const { name, key } of holders(seen)) if (key) freed.set(`${name}/${key}`, user.id)
      for (const { name, key } of holders(user)) if (key) taken.set(`${name}/${key}`, user.id)
      return undefined
    },
  }
}
