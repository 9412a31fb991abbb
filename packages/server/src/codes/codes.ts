import type { UsageType } from '@countersign/kit'
import { newCode, newId } from '../crypto/chance.ts'
import { type Keys, mac, sameText } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { CodePolicy } from '../experience/experience.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { codeStore } from './store.ts'

/** What a code is good for; it is worth nothing anywhere else. */
export interface Purpose {
  usageType: UsageType
  /** The spelling that was given must come back. */
  recipient: Recipient
  /** The interaction's verification record, or `api` for codes of back ends. */
  scope: string
}

/** A code on its way out. The text exists only here and in the message. */
export interface IssuedCode {
  code: string
  /** Resolves when the code is stored; it must not be sent before. */
  stored: Promise<void>
  /** The message is out, or may be: this code counts and voids the older ones. */
  settle(): Promise<void>
  /** Nothing went out: the code is deleted, and an older one counts again. */
  withdraw(): Promise<void>
}

/** What was typed is no code of the length that was sent, so it was not looked at: no try is gone, no failure counts. */
export class WrongForm extends ApiError {
  constructor(digits: number) {
    super('verification_code.code_mismatch', { values: { digits } })
  }
}

/** Why a code can no longer be used. */
export type CodeEnd =
  | 'verification_code.not_found'
  | 'verification_code.expired'
  | 'verification_code.exceed_max_try'

const DIGITS = /^\d+$/

/** No policy lets a code live longer than this, as in Logto. */
const LONGEST_LIFE = 60 * 60_000

/**
 * Issues and checks one-time codes; they are stored as keyed hashes.
 *
 * @param markOf what the fixed code of a test identity hangs on now: it goes into the hash, so that the code is void as
 *   soon as that is another
 */
export function createCodes(
  db: Database,
  keys: Keys,
  world: World,
  markOf: (recipient: Recipient) => Promise<string | undefined> = async () => undefined,
) {
  const store = codeStore(db)
  const bindingOf = ({ usageType, recipient, scope }: Purpose) =>
    mac(keys.codes, 'binding', usageType, recipient.value, scope)
  const hashOf = (binding: string, code: string, mark: string | undefined) =>
    mark === undefined
      ? mac(keys.codes, 'code', binding, code)
      : mac(keys.codes, 'fixed code', binding, code, mark)

  /** What is being stored, by binding. */
  const storing = new Map<string, Promise<unknown>>()

  /**
   * Stores one code of a binding after the other, in the order in which they were asked for: the message of the newest
   * is then not overtaken by that of an older one while their answers come from the database.
   */
  function inOrder<T>(binding: string, store: () => Promise<T>): Promise<T> {
    const done = (storing.get(binding) ?? Promise.resolve()).then(store)
    const settled = done
      // Whoever waits for `done` hears of a failure; the next in turn goes on after it.
      .catch(() => undefined)
      .then(() => {
        if (storing.get(binding) === settled) storing.delete(binding)
      })
    storing.set(binding, settled)
    return done
  }

  async function isLive(purpose: Purpose): Promise<boolean> {
    const row = await store.newest(bindingOf(purpose))
    return row !== undefined && row.consumed_at === null
  }

  /** Why a row opens nothing any more; undefined while it does. */
  function endOf(
    row: Awaited<ReturnType<typeof store.newest>>,
    { tries, lifetime }: CodePolicy,
  ): CodeEnd | undefined {
    if (!row || row.consumed_at !== null) return 'verification_code.not_found'
    if (row.created_at <= world.now() - lifetime) return 'verification_code.expired'
    return row.tries >= tries ? 'verification_code.exceed_max_try' : undefined
  }

  /** Makes a code, or takes the fixed one of a test identity, and begins to store its hash. */
  function begin(purpose: Purpose, { length }: CodePolicy, fixed?: string): IssuedCode {
    const binding = bindingOf(purpose)
    const code = fixed ?? newCode(world.random, length)
    const id = newId(world.random)
    const now = world.now()
    const insert = (mark: string | undefined) =>
      store.insert({ id, binding, hash: hashOf(binding, code, mark), digits: code.length, now })
    const createdAt = inOrder(binding, async () =>
      insert(fixed === undefined ? undefined : await markOf(purpose.recipient)),
    )
    const stored = createdAt.then(() => undefined)
    // Whoever waits for it hears of a failure; when nobody does any more, it must not end the process.
    const tried = stored.catch(() => undefined)
    return {
      code,
      stored,
      settle: async () => void (await store.deleteOlder(binding, await createdAt)),
      withdraw: async () => {
        await tried
        await store.delete(id)
      },
    }
  }

  /**
   * Checks a code and spends it: pays one try, and spends the code only when it is the right one. The policy in force now
   * applies. What cannot be the code by its form is no guess, and costs no try.
   *
   * @throws ApiError `verification_code.not_found`, `.expired`, `.exceed_max_try`, `.code_mismatch`; `WrongForm`
   */
  async function verify(purpose: Purpose, code: string, policy: CodePolicy): Promise<void> {
    if (code === '') throw new ApiError('verification_code.not_found')
    const { tries, lifetime } = policy
    const binding = bindingOf(purpose)
    const hash = hashOf(binding, code, await markOf(purpose.recipient))
    const now = world.now()
    const guess = { hash, digits: code.length }
    const isNumber = DIGITS.test(code)
    const paid =
      isNumber && (await store.redeem(binding, guess, now, { tries, createdAfter: now - lifetime }))
    if (!paid) {
      const row = await store.newest(binding)
      const end = endOf(row, policy)
      if (end) throw new ApiError(end)
      const digits = row!.digits ?? policy.length
      // Between the two looks a newer code was taken back, and this is the one that counts again.
      if (isNumber && code.length === digits) return verify(purpose, code, policy)
      throw new WrongForm(digits)
    }
    // The database has compared them too: it spent the code if, and only if, they are the same.
    if (!sameText(paid.hash, hash))
      throw new ApiError('verification_code.code_mismatch', { values: { left: tries - paid.tries } })
  }

  return {
    /** Like `issue`, for callers that have more to store before they send: see `stored`. */
    begin,
    /**
     * Makes a code and stores its hash before anything is sent, so that a code that reaches its reader can
     * always be used, even when this process dies in between.
     */
    async issue(purpose: Purpose, policy: CodePolicy, fixed?: string): Promise<IssuedCode> {
      const issued = begin(purpose, policy, fixed)
      await issued.stored
      return issued
    },
    /** True while there is a code that has not been spent. */
    isLive,
    /** Why the code of a purpose can no longer be used; undefined while it can. Costs no try. */
    end: async (purpose: Purpose, policy: CodePolicy): Promise<CodeEnd | undefined> =>
      endOf(await store.newest(bindingOf(purpose)), policy),
    verify,
    /** Forgets codes that no policy can make valid again. */
    purge: () => store.purge(world.now() - 2 * LONGEST_LIFE),
  }
}

export type Codes = ReturnType<typeof createCodes>
