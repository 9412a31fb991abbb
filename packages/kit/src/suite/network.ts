import assert from 'node:assert/strict'
import type { Fetch } from '../send-world.ts'
import { failure, failureOf, type RunTest, type Trials } from './trials.ts'

/** A fetch that fails as the platform's does, the reason in its cause. */
const failing =
  (code: string): Fetch =>
  () =>
    Promise.reject(new TypeError('fetch failed', { cause: failure(code) }))

const never = () => new Promise<never>(() => {})

const hangs: Record<string, Fetch> = {
  'no answer comes': (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  'no answer comes and fetch does not heed its signal': never,
  'the answer stops half-way': async () => ({
    status: 200,
    headers: { get: () => null },
    body: (async function* () {
      yield new TextEncoder().encode('{"Co')
      await never()
    })(),
  }),
}

/** A network that fails ends the send in time, and the error says whether the message may be out. */
export function testNetwork(test: RunTest, { send }: Trials): void {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'])
    test(`calls a network that fails with ${code} unreachable, and knows that nothing was sent`, async () => {
      const error = failureOf(await send(failing(code)), ['unreachable'])
      assert.equal(error.maybeSent, false)
    })

  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT'])
    test(`calls a network that fails with ${code} unreachable, and that the message may be out`, async () => {
      const error = failureOf(await send(failing(code)), ['unreachable'])
      assert.equal(error.maybeSent, true)
    })

  for (const [name, fetch] of Object.entries(hangs))
    test(`gives up at its deadline when ${name}`, async () => {
      const error = failureOf(await send(fetch, { deadline: 40 }), ['unreachable', 'provider_fault'])
      assert.equal(error.maybeSent, true)
    })
}
