import { setTimeout as sleep } from 'node:timers/promises'
import type { Ready } from '../../e2e/ready.ts'
import { RETRY_AFTER } from '../../packages/server/src/http/admission.ts'
import { addressOf, createStranger, type Stranger } from '../strangers/stranger.ts'

/** Honest people who are on their way at once. */
const HONEST = 3

/** Nobody comes twice: a number has to wait between two messages. */
let people = 0

/** How often a page asks again before somebody closes it. */
const MOST_TRIES = 10

/** Begins a sign-in, and comes again when the page that turns people away does. */
async function comeIn(person: Stranger): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      return await person.begin()
    } catch (error) {
      if (tries === MOST_TRIES) throw error
      await sleep(RETRY_AFTER * 1_000)
    }
}

/** Asks for a code and enters what comes. Returns whether it was right. */
async function enterCode({ inbox }: Ready, person: Stranger, phone: string): Promise<boolean> {
  const identifier = { type: 'phone', value: phone }
  const path = '/verification/verification-code'
  const sent = await person.call('POST', path, { identifier, interactionEvent: 'SignIn' })
  if (sent.status !== 200) return false
  const { code } = await inbox.next(`+${phone}`)
  const { verificationId } = sent.body
  return (await person.call('POST', `${path}/verify`, { identifier, verificationId, code })).status === 200
}

/**
 * Lets a few honest people ask for codes and enter them, each from an address of their own, until a flood is over.
 *
 * @param answers how many answers the flood has had so far
 */
export async function honest(ready: Ready, answers: () => number, isOver: () => boolean) {
  const seen = { served: 0, refused: 0, waits: [] as number[], meanwhile: 0 }
  const target = {
    endpoint: ready.product.endpoint,
    applicationId: ready.application.id,
    redirectUri: ready.application.redirectUri,
  }
  async function one(n: number): Promise<void> {
    const [start, earlier] = [performance.now(), answers()]
    const person = createStranger(target, addressOf(100_000 + n))
    const isServed = await comeIn(person)
      .then(() => enterCode(ready, person, `86138${10_000_000 + n}`))
      .catch(() => false)
    if (isServed) seen.served += 1
    else seen.refused += 1
    seen.waits.push(performance.now() - start)
    seen.meanwhile = Math.max(seen.meanwhile, answers() - earlier)
  }
  const walk = async () => {
    do await one(people++)
    while (!isOver())
  }
  await Promise.all(Array.from({ length: HONEST }, walk))
  return seen
}
