import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { CodePolicy } from '../experience/experience.ts'
import type { World } from '../world.ts'
import { beginCode, issueCode } from './issue.ts'
import type { CodesRoom, Purpose } from './room.ts'
import { codeStore } from './store.ts'
import { endOfCode, isLive, redeemCode } from './verify.ts'

export type { IssuedCode } from './issue.ts'
export type { Purpose } from './room.ts'
export { type CodeEnd, WrongForm } from './verify.ts'

/** No policy lets a code live longer than this, as in Logto. */
const LONGEST_LIFE = 60 * 60_000

/**
 * Issues and checks one-time codes, which are stored as keyed hashes. One function a use case.
 *
 * @example
 * const codes = createCodes(db, keys, world)
 * const { code } = await codes.issue(purpose, policy)
 * await codes.verify(purpose, code, policy)
 *
 * @param markOf see `CodesRoom`
 */
export function createCodes(
  db: Database,
  keys: Keys,
  world: World,
  markOf: CodesRoom['markOf'] = async () => undefined,
) {
  const room: CodesRoom = { keys, world, store: codeStore(db), markOf, storing: new Map() }
  return {
    begin: (purpose: Purpose, policy: CodePolicy, fixed?: string) => beginCode(room, purpose, policy, fixed),
    issue: (purpose: Purpose, policy: CodePolicy, fixed?: string) => issueCode(room, purpose, policy, fixed),
    isLive: (purpose: Purpose) => isLive(room, purpose),
    end: (purpose: Purpose, policy: CodePolicy) => endOfCode(room, purpose, policy),
    verify: (purpose: Purpose, code: string, policy: CodePolicy) => redeemCode(room, purpose, code, policy),
    /** Forgets codes that no policy can make valid again. */
    purge: () => room.store.purge(world.now() - 2 * LONGEST_LIFE),
  }
}

export type Codes = ReturnType<typeof createCodes>
