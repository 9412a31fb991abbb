import { newCode, newId } from '../crypto/chance.ts'
import type { CodePolicy } from '../experience/experience.ts'
import { bindingOf, type CodesRoom, hashOf, type Purpose } from './room.ts'

/** A code on its way out. The text exists only here and in the message. */
export interface IssuedCode {
  id: string
  code: string
  /** Resolves when the code is stored; it must not be sent before. */
  stored: Promise<void>
  /**
   * Makes a second code, for another message when the first may have left, and stores it: it opens the same, lives as
   * long and takes of the same tries, and whichever comes first is used for both. Undefined where a second one is good for
   * nothing, as the first is gone or was used. There is one at most.
   */
  second(): Promise<string | undefined>
  /** The message is out, or may be: this code counts and voids the older ones. */
  settle(): Promise<void>
  /** Nothing went out: the code is deleted, and an older one counts again. */
  withdraw(): Promise<void>
}

/**
 * Stores one code of a binding after the other, in the order in which they were asked for: the message of the newest
 * is then not overtaken by that of an older one while their answers come from the database.
 */
function inOrder<T>({ storing }: CodesRoom, binding: string, store: () => Promise<T>): Promise<T> {
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

/**
 * Makes a code, or takes the fixed one of a test identity, and begins to store its hash, for callers that have more to
 * store before they send.
 *
 * @example
 * const issued = beginCode(room, purpose, policy)
 * await Promise.all([issued.stored, storeTheRecord()])
 */
export function beginCode(
  room: CodesRoom,
  purpose: Purpose,
  { length }: CodePolicy,
  fixed?: string,
): IssuedCode {
  const { keys, world, store } = room
  const binding = bindingOf(keys, purpose)
  const code = fixed ?? newCode(world.random, length)
  const id = newId(world.random)
  const now = world.now()
  const createdAt = inOrder(room, binding, async () => {
    const mark = fixed === undefined ? undefined : await room.markOf(purpose.recipient)
    return store.insert({
      id,
      binding,
      hash: hashOf(keys, { binding, code, mark }),
      digits: code.length,
      now,
    })
  })
  const stored = createdAt.then(() => undefined)
  // Whoever waits for it hears of a failure; when nobody does any more, it must not end the process.
  const tried = stored.catch(() => undefined)
  return {
    id,
    code,
    stored,
    async second() {
      let another: string
      do another = newCode(world.random, code.length)
      while (another === code)
      const hash = hashOf(keys, { binding, code: another, mark: undefined })
      return (await store.addSecond(id, hash)) ? another : undefined
    },
    settle: async () => void (await store.deleteOlder(binding, await createdAt)),
    withdraw: async () => {
      await tried
      await store.delete(id)
    },
  }
}

/**
 * Makes a code and stores its hash before anything is sent, so that a code that reaches its reader can always be used,
 * even when this process dies in between.
 *
 * @example const { code } = await issueCode(room, purpose, policy)
 */
export async function issueCode(
  room: CodesRoom,
  purpose: Purpose,
  policy: CodePolicy,
  fixed?: string,
): Promise<IssuedCode> {
  const issued = beginCode(room, purpose, policy, fixed)
  await issued.stored
  return issued
}
