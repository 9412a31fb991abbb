import { type User, WebAddress } from '@countersign/api'
import type { ImportedUser, StoredUser } from '@countersign/server/move-in'
import type { Move, Note } from './outcome.ts'
import { isNothing, read, text } from './reading.ts'

/** Members of the profile of which others make links. */
const LINKS = ['website', 'profile'] as const

/** The profile without links that do not lead to the web. */
export function linksOf(profile: NonNullable<User['profile']>): NonNullable<User['profile']> {
  const kept = { ...profile }
  for (const field of LINKS) if (kept[field] && 'problem' in read(WebAddress, kept[field])) delete kept[field]
  return kept
}

/** The hash, when a password can be compared with it here; it becomes one of ours at the next sign-in. */
export async function passwordOf({ here }: Move, data: Partial<User>) {
  const none = (text: string, remedy: string) => ({
    hash: null,
    algorithm: null,
    without: [{ text: `without password: ${text}`, remedy, lost: true as const }],
  })
  const { hasPassword, passwordDigest: digest, passwordAlgorithm: algorithm } = data
  if (!digest || !algorithm) {
    if (hasPassword !== true) return { hash: null, algorithm: null, without: [] }
    return none('that Logto hands no hashes over', `Bring it up to date first. ${NEW_PASSWORD}`)
  }
  const problem = await here.hashProblem(algorithm, digest)
  return problem ? none(`its hash is ${problem}`, NEW_PASSWORD) : { hash: digest, algorithm, without: [] }
}

const NEW_PASSWORD = 'Such users sign in with a code, or set a new password.'

/** What of a user does not come, besides the password. */
export function lossesOf(data: Partial<User>, wanted: ImportedUser): Note[] {
  const notes = socialOf(data, wanted)
  if (text(data.avatar) !== undefined && wanted.avatar === null)
    notes.push({ text: 'without picture: it has no web address' })
  for (const field of LINKS)
    if (data.profile?.[field] !== undefined && wanted.profile[field] === undefined)
      notes.push({ text: `without ${field}: it is no web address` })
  return notes
}

/** What a user who lives here, or was deleted here, lacks all the same. */
export function stillLost(data: Partial<User>, password: Note[], seen: StoredUser | undefined): Note[] {
  if (!seen) return []
  const lacking = seen.passwordHash === null ? password : []
  return [...lacking, ...socialOf(data, seen).filter(({ lost }) => lost)]
}

function socialOf(
  { identities }: Partial<User>,
  { username, primaryEmail, primaryPhone }: Pick<ImportedUser, 'username' | 'primaryEmail' | 'primaryPhone'>,
): Note[] {
  if (isNothing(identities)) return []
  if (username !== null || primaryEmail !== null || primaryPhone !== null)
    return [{ text: 'the social accounts do not come along' }]
  return [
    {
      text: 'has social accounts alone, with which nobody signs in here',
      remedy: 'Give them an e-mail address or phone number.',
      lost: true,
    },
  ]
}
