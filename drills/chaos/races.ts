import { setTimeout as sleep } from 'node:timers/promises'
import type { Management } from '../../packages/cli/src/management.ts'

/** A number for which codes are asked all the time, of which it gets one a minute. */
export const LIMITED = '8613900000000'

/** So many at once try the same. */
const WIDTH = 3

/** Milliseconds between two races of one kind. */
const PAUSE = 150

/** What those met who try the same at several nodes at once. */
export interface Raced {
  /** Numbers to which a code was acknowledged as sent. */
  sent: Set<string>
  /** Codes that were tried by several at once. */
  codes: number
  /** Codes that more than one was let in by. */
  spentTwice: string[]
  /** Codes that were refused to all, though every answer was clear and the clocks were right. */
  refused: string[]
  /** Numbers for which a user was acknowledged as made. */
  users: Set<string>
  /** Numbers for which more than one was acknowledged. */
  madeTwice: string[]
}

/** The races go on until they are stopped. */
export interface Races {
  raced: Raced
  /** Codes of a node whose clock is wrong may be refused meanwhile. */
  clocksAreWrong(wrong: boolean): void
  stop(): Promise<void>
}

/** The statuses of the same call, made several times at once; 0 where no clear answer came. */
async function together(management: Management, path: string, body: unknown): Promise<number[]> {
  return Promise.all(
    Array.from({ length: WIDTH }, async () => {
      try {
        const { status } = await management('POST', path, body)
        return status >= 500 ? 0 : status
      } catch {
        return 0
      }
    }),
  )
}

/**
 * Lets several try at once what only one may get: to be let in by a code, to make a user, to have one more message sent.
 *
 * @param codeFor the code that came to a number last
 */
export function startRaces(
  management: Management,
  codeFor: (number: string) => Promise<string | undefined>,
): Races {
  const raced: Raced = {
    sent: new Set(),
    codes: 0,
    spentTwice: [],
    refused: [],
    users: new Set(),
    madeTwice: [],
  }
  let stopped = false
  let wrongClocks = false
  let next = 0

  async function forCode(): Promise<void> {
    const phone = `8613700${String(next++).padStart(6, '0')}`
    const sent = await management('POST', '/api/verification-codes', { phone }).catch(() => undefined)
    if (sent?.status !== 204) return
    raced.sent.add(phone)
    const verificationCode = await codeFor(phone)
    if (verificationCode === undefined) return
    const unsure = wrongClocks
    const answers = await together(management, '/api/verification-codes/verify', { phone, verificationCode })
    raced.codes += 1
    const accepted = answers.filter(each => each === 204).length
    if (accepted > 1) raced.spentTwice.push(phone)
    if (accepted === 0 && !answers.includes(0) && !unsure && !wrongClocks) raced.refused.push(phone)
  }

  async function forUser(): Promise<void> {
    const primaryPhone = `8613600${String(next++).padStart(6, '0')}`
    const made = (await together(management, '/api/users', { primaryPhone })).filter(each => each === 200)
    if (made.length > 0) raced.users.add(primaryPhone)
    if (made.length > 1) raced.madeTwice.push(primaryPhone)
  }

  const forMessage = async () =>
    void (await together(management, '/api/verification-codes', { phone: LIMITED }))

  async function again(race: () => Promise<void>): Promise<void> {
    while (!stopped) {
      await race()
      await sleep(PAUSE)
    }
  }

  const all = Promise.all([forCode, forUser, forMessage].map(again))
  return {
    raced,
    clocksAreWrong(wrong) {
      wrongClocks = wrong
    },
    async stop() {
      stopped = true
      await all
    },
  }
}
