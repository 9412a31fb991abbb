import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Conversion } from '../feedback.ts'
import { SendError } from '../send-error.ts'
import type { Fetch } from '../send-world.ts'
import { secretKeys } from '../settings.ts'
import { type Trial, trySend } from '../test-world.ts'
import { failure, type RunTest, type Trials } from './trials.ts'

/** Where a provider takes word of codes, it is told in one request, and of nobody. */
export function testFeedback(test: RunTest, { subject, connector, settings, message }: Trials): void {
  const { feedback } = connector
  if (!feedback) return
  const now = subject.now ?? Date.now

  /** Reports through `fetch` what became of a message, and tells how that ended. */
  const report = (conversion: Conversion, fetch: Fetch): Promise<Trial> =>
    trySend(
      {
        ...subject,
        connector: {
          ...connector,
          async send(_, given, world) {
            await feedback.report(conversion, given, world)
            return { ids: {} }
          },
        },
      },
      settings(),
      fetch,
    )

  /** A message that went out over the stand-in, and every way in which its code can end that the provider takes. */
  async function sentOver(fetch: Fetch): Promise<Conversion[]> {
    const sentAt = now()
    const { outcome } = await trySend(subject, settings(), fetch, { message })
    assert.ok('sent' in outcome, 'the send failed')
    const destination = message.to.startsWith('86') ? ('china' as const) : ('overseas' as const)
    const unused = { ids: outcome.sent.ids, destination, sentAt }
    return [{ ...unused, usedAt: now() }, unused].filter(each => feedback!.takes(each))
  }

  test('tells the provider whether a code was used, in exactly one request that names nobody', async () => {
    assert.ok(feedback.needs.en && feedback.needs['zh-CN'], 'operators can read what it needs')
    const { fetch } = subject.provider()
    for (const conversion of await sentOver(fetch)) {
      const { outcome, requests } = await report(conversion, fetch)
      assert.ok('sent' in outcome, `${inspect(conversion)}: ${inspect(outcome)}`)
      assert.equal(requests.length, 1, 'a report makes exactly one request')
      const said = JSON.stringify(requests)
      for (const needle of [message.to.slice(-8), message.payload.code!, message.attemptId])
        assert.ok(!said.includes(needle), `the provider is told ${needle}`)
    }
  })

  test('says why the provider was not told, and keeps secrets out of that', async () => {
    const provider = subject.provider()
    const [conversion] = await sentOver(provider.fetch)
    if (!conversion) return
    provider.refuseWith('Countersign.NotInAnyTable')
    const cut: Fetch = () => Promise.reject(new TypeError('x', { cause: failure('ECONNRESET') }))
    for (const [fetch, expected] of [
      [provider.fetch, 'unrecognized'],
      [cut, 'unreachable'],
    ] as const) {
      const { outcome } = await report(conversion, fetch)
      assert.ok('error' in outcome && outcome.error instanceof SendError, inspect(outcome))
      assert.equal(outcome.error.failure, expected)
      const text = inspect(outcome.error, { depth: 12, showHidden: true })
      for (const key of secretKeys(connector.settings)) {
        const secret = subject.settings[key]
        assert.ok(secret === undefined || !text.includes(String(secret)), `an error shows ${key}`)
      }
    }
  })
}
