import { FAILURES, type Failure } from '@countersign/kit'

/** How an attempt ended that did not succeed. */
export interface Failed {
  failure: Failure
  /** Its request had left: the message may arrive. */
  maybeSent: boolean
}

/** Of a message's two codes, which one an attempt carries. */
export type WhichCode = 'first' | 'second'

/** One attempt of a message, as far as it is known. */
export interface Tried<W> {
  way: W
  code: WhichCode
  /** Undefined while it is under way, so its message may have left, and when it was accepted. */
  failed?: Failed | undefined
}

/** What is to be tried next. */
export interface Step<W> {
  way: W
  code: WhichCode
}

/** The last one that was tried, when it may be asked once more: certainly nothing left, and it may go well next time. */
function onceMore<W>(candidates: readonly W[], tried: readonly Tried<W>[]): W | undefined {
  const { way, failed } = tried.at(-1) ?? {}
  if (!failed || failed.maybeSent || FAILURES[failed.failure].then !== 'retry') return undefined
  return candidates.find(each => each === way && tried.filter(other => other.way === way).length === 1)
}

/**
 * Says over which candidate a message is tried next, and with which code; undefined when nobody else is to be asked. It is
 * for when the last attempt has ended without success, or has been silent for long. It is a pure function of what it is
 * given.
 *
 * What is wrong with the recipient is wrong with every provider, so nobody else is asked. After an attempt that may have
 * left, the next one carries a second code: a recipient who holds two messages may use either, and the ledger tells them
 * apart. When that one may have left too, it ends: a request costs two messages at most. Each candidate is asked once, and
 * the last one once more where its network or provider is at fault.
 *
 * @example next(candidates, []) // { way: candidates[0], code: 'first' }
 * @example next([aliyun, tencent], [{ way: aliyun, code: 'first' }]) // { way: tencent, code: 'second' }
 */
export function next<W>(candidates: readonly W[], tried: readonly Tried<W>[]): Step<W> | undefined {
  if (tried.some(({ failed }) => failed && FAILURES[failed.failure].then === 'stop')) return undefined
  const mayHaveLeft = tried.filter(({ failed }) => !failed || failed.maybeSent)
  if (mayHaveLeft.some(({ code }) => code === 'second')) return undefined
  const isSecond = mayHaveLeft.length > 0 || tried.some(({ code }) => code === 'second')
  const way = candidates.find(each => !tried.some(other => other.way === each)) ?? onceMore(candidates, tried)
  return way && { way, code: isSecond ? 'second' : 'first' }
}
