import { sameText } from '../crypto/keys.ts'
import type { CodePolicy } from '../experience/experience.ts'
import { ApiError } from '../refusals/refusal.ts'
import { bindingOf, type CodesRoom, hashesOf, type Purpose } from './room.ts'
import type { CodeStore } from './store.ts'

/**
 * What was typed is no code of the length that was sent, so it was not looked at: no try is gone, no failure counts.
 */
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

/** Why a row opens nothing any more; undefined while it does. */
function endOfRow(
  row: Awaited<ReturnType<CodeStore['newest']>>,
  { tries, lifetime }: CodePolicy,
  now: number,
): CodeEnd | undefined {
  if (!row || row.consumed_at !== null) return 'verification_code.not_found'
  if (row.created_at <= now - lifetime) return 'verification_code.expired'
  return row.tries >= tries ? 'verification_code.exceed_max_try' : undefined
}

/**
 * True while there is a code that has not been spent.
 *
 * @example if (!(await isLive(room, purpose))) throw new ApiError('verification_code.not_found')
 */
export async function isLive({ keys, store }: CodesRoom, purpose: Purpose): Promise<boolean> {
  const row = await store.newest(bindingOf(keys, purpose))
  return row !== undefined && row.consumed_at === null
}

/**
 * Says why the code of a purpose can no longer be used; undefined while it can. It costs no try.
 *
 * @example await endOfCode(room, purpose, policy) // 'verification_code.expired'
 */
export async function endOfCode(
  { keys, store, world }: CodesRoom,
  purpose: Purpose,
  policy: CodePolicy,
): Promise<CodeEnd | undefined> {
  return endOfRow(await store.newest(bindingOf(keys, purpose)), policy, world.now())
}

/** Why nothing was paid for a guess, as the newest code of the binding says; undefined when it counts again by now. */
async function whyNotPaid(
  { store }: CodesRoom,
  binding: string,
  code: string,
  policy: CodePolicy,
  now: number,
): Promise<ApiError | undefined> {
  const row = await store.newest(binding)
  const end = endOfRow(row, policy, now)
  if (end) return new ApiError(end)
  const digits = row!.digits ?? policy.length
  return DIGITS.test(code) && code.length === digits ? undefined : new WrongForm(digits)
}

/**
 * Checks a code and spends it: pays one try, and spends the code only when it is the right one. The policy in force now
 * applies. What cannot be the code by its form is no guess, and costs no try.
 *
 * @example await redeemCode(room, { recipient, usageType: 'Generic', scope: 'api' }, '739154', policy)
 *
 * @throws ApiError `verification_code.not_found`, `.expired`, `.exceed_max_try`, `.code_mismatch`; `WrongForm`
 */
export async function redeemCode(
  room: CodesRoom,
  purpose: Purpose,
  code: string,
  policy: CodePolicy,
): Promise<void> {
  if (code === '') throw new ApiError('verification_code.not_found')
  const { keys, store, world } = room
  const { tries, lifetime } = policy
  const binding = bindingOf(keys, purpose)
  const hashes = hashesOf(keys, { binding, code, mark: await room.markOf(purpose.recipient) })
  const now = world.now()
  const guess = { hashes, digits: code.length }
  const paid =
    DIGITS.test(code) && (await store.redeem(binding, guess, now, { tries, createdAfter: now - lifetime }))
  if (!paid) {
    const refusal = await whyNotPaid(room, binding, code, policy, now)
    if (refusal) throw refusal
    // Between the two looks a newer code was taken back, and this is the one that counts again.
    return redeemCode(room, purpose, code, policy)
  }
  // The database has compared them too: it spent the code if, and only if, one of them is the same.
  const isOneOfThem = [paid.hash, paid.second_hash ?? '']
    .flatMap(stored => hashes.map(hash => sameText(stored, hash)))
    .includes(true)
  if (!isOneOfThem)
    throw new ApiError('verification_code.code_mismatch', { values: { left: tries - paid.tries } })
}
