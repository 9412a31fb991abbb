/**
 * How many guesses at one identifier there are within an hour, from anywhere: 99 with the default policy.
 *
 * Two things are counted. What one client failed at is its own affair: with `maxAttempts` failures it is blocked, as by
 * Logto's sentinel. What all clients failed at bounds the guesser who has many addresses; but who finds that used up
 * has perhaps never failed, and must not be kept out for as long as some stranger likes. So it is used up in steps:
 *
 * 1. After `common` failures with passwords no stranger's password is taken; codes have a `reserve` of their own. The
 *    other way passwords have one when codes have used up what is common.
 * 2. Out of the reserve a code has `perMessage` tries, and only one that was sent to the identifier and not refused:
 *    whoever wants to use it up needs a message for each two guesses, and of messages there are ten in ten minutes.
 * 3. A browser that signed in with the account before has `perDevice` tries of its own, all such browsers together
 *    `devices`. No stranger can use them up, and no thief of one cookie all of them.
 *
 * Four more are the guesses with which blocks begin; they are refused, but had one been right, it would have been
 * taken: one for everybody's passwords, and one for a client by each of its three marks. 74 + 13 + 8 + 4 = 99.
 */
export interface Budget {
  common: number
  reserve: number
  devices: number
  perDevice: number
  perMessage: number
}

export interface SentinelPolicy {
  /** Failures within an hour before a block. */
  maxAttempts?: number
  /** Minutes. */
  lockoutDuration?: number
}

const COMMON = 74
const RESERVE = 13
const DEVICES = 8
const BEGINNINGS = 4

/**
 * The budget under a policy. Up to `maxAttempts` of 75 a client has exactly as many as Logto gives it; beyond that all
 * guesses together are as many, or 99 if that is more.
 *
 * @example budgetOf({ maxAttempts: 5 }).common // 4
 */
export function budgetOf({ maxAttempts = 100 }: SentinelPolicy): Budget {
  return {
    common: Math.max(Math.min(maxAttempts - 1, COMMON), maxAttempts - 1 - RESERVE - DEVICES - BEGINNINGS),
    reserve: RESERVE,
    devices: DEVICES,
    perDevice: 4,
    perMessage: 2,
  }
}

/**
 * The budget of an identifier that only its owner can be asked about: nobody has to be kept safe from strangers there.
 *
 * @example ownBudget({ maxAttempts: 100 }).common // 99
 */
export const ownBudget = (policy: SentinelPolicy): Budget => ({
  ...budgetOf(policy),
  common: (policy.maxAttempts ?? 100) - 1,
})
