import { emailKey, type ImportedUser } from '@countersign/server/move-in'
import type { Move, Note } from './outcome.ts'

/** Finds who else has an identifier: a user here, or one who came before in the same run. */
export function createClaims({ here, ahead }: Move) {
  const taken = new Map<string, string>()

  const holders = (user: ImportedUser) => [
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
    async conflictOf(user: ImportedUser): Promise<Note | undefined> {
      for (const { name, key, owner } of holders(user)) {
        if (!key) continue
        const earlier = taken.get(`${name}/${key}`)
        if (earlier !== undefined && earlier !== user.id)
          return {
            text: `the ${name} is that of another user of the Logto, as it is compared here`,
            detail: `user ${earlier} there`,
            remedy: 'Change it for one of the two there and import again.',
          }
        const other = await owner(key)
        if (other && other.id !== user.id)
          return {
            text: `the ${name} belongs to another user here`,
            detail: `user ${other.id} here`,
            remedy: 'Delete or change one of the two, and import again.',
          }
      }
      for (const { name, key } of holders(user)) if (key) taken.set(`${name}/${key}`, user.id)
      return undefined
    },
  }
}
