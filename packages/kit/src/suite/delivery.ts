import assert from 'node:assert/strict'
import { DESTINATIONS } from '../phone.ts'
import { SendError } from '../send-error.ts'
import { describe, type RunTest, type Trials } from './trials.ts'

/** Numbers of each destination; digits of the American one may be taken for those of a mainland number. */
const NUMBERS = { china: ['8613800138000'], overseas: ['13055552671', '85261234567'] } as const

/** The connector sends what it is given, once, and nothing besides. */
export function testDelivery(test: RunTest, { subject, connector, message, send }: Trials): void {
  test('delivers the code, with exactly one request, and returns the provider’s ids', async () => {
    const provider = subject.provider()
    const { outcome, requests } = await send(provider.fetch)
    assert.ok('sent' in outcome, `the send failed: ${describe(outcome)}`)
    assert.equal(requests.length, 1, 'a send makes exactly one request')
    const delivered = provider.delivered()
    assert.equal(delivered.length, 1, 'one message is delivered')
    assert.ok(delivered[0]!.text.includes(message.payload.code!), 'the message holds the code')
    const isThere = connector.channel === 'sms' ? delivered[0]!.to.replace(/\D/g, '') : delivered[0]!.to
    assert.equal(isThere, message.to, 'the message reaches its recipient')
    const ids = Object.values(outcome.sent.ids)
    assert.ok(ids.length > 0 && ids.every(id => typeof id === 'string' && id !== ''), 'there are ids')
    const { segments = 1 } = outcome.sent
    assert.ok(Number.isInteger(segments) && segments > 0, 'segments are a whole number from 1, or left out')
  })

  test('sends no member of the payload but the code', async () => {
    const provider = subject.provider()
    const payload = { ...message.payload, locale: 'xx-Nowhere', ip: 'kq7ip', user: { name: 'kq7name' } }
    const { outcome, requests } = await send(provider.fetch, {
      message: { ...message, payload },
    })
    assert.ok('sent' in outcome, `the send failed: ${describe(outcome)}`)
    for (const value of ['xx-Nowhere', 'kq7ip', 'kq7name'])
      assert.ok(!JSON.stringify(requests).includes(value), `${value} was sent to the provider`)
  })
}

/** Where the connector says that it cannot send, it does not try to. */
export function testDestinations(
  test: RunTest,
  { subject, connector, settings, message, send }: Trials,
): void {
  if (!connector.destinations) return
  test('refuses numbers where it says that it cannot send, before anything leaves', async () => {
    const served = connector.destinations!(settings() as never)
    for (const destination of DESTINATIONS.filter(each => !served.includes(each)))
      for (const to of NUMBERS[destination]) {
        const { fetch } = subject.provider()
        const { outcome, requests } = await send(fetch, {
          message: { ...message, to, hasCountryCode: true },
        })
        const refusal = 'error' in outcome && outcome.error instanceof SendError && outcome.error.failure
        assert.equal(refusal, 'region_unsupported', `a message to ${to}: ${describe(outcome)}`)
        assert.equal(requests.length, 0, `nothing leaves for ${to}`)
      }
  })
}
