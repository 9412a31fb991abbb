import assert from 'node:assert/strict'
import { FAILURES } from '../failures.ts'
import { SendError } from '../send-error.ts'
import { answerOf } from '../test-world.ts'
import { describe, failureOf, type RunTest, type Trials } from './trials.ts'

/** What the provider refuses is told by its failure, and operators can read why. */
export function testFailures(test: RunTest, { subject, connector, send }: Trials): void {
  test('names the failure of every code in its table', async () => {
    const wrong: string[] = []
    for (const [code, known] of Object.entries(connector.failures)) {
      const provider = subject.provider()
      provider.refuseWith(code)
      const { outcome } = await send(provider.fetch)
      const error = 'error' in outcome ? outcome.error : undefined
      if (!(error instanceof SendError) || error.failure !== known.failure || error.code !== code)
        wrong.push(`${code}: expected ${known.failure}, got ${describe(outcome)}`)
    }
    assert.deepEqual(wrong, [])
  })

  test('calls a code that is in no table unrecognized, and keeps it', async () => {
    const provider = subject.provider()
    provider.refuseWith('Countersign.NotInAnyTable')
    const error = failureOf(await send(provider.fetch), ['unrecognized'])
    assert.equal(error.code, 'Countersign.NotInAnyTable')
  })

  test('keeps the provider’s raw answer for the operator, and only its beginning', async () => {
    const provider = subject.provider()
    provider.refuseWith('Countersign.NotInAnyTable')
    const { answer } = failureOf(await send(provider.fetch), ['unrecognized'])
    assert.ok(answer?.body?.includes('Countersign.NotInAnyTable'), 'the raw answer is kept')
    assert.equal(typeof answer?.status, 'number')
    const long = failureOf(await send(async () => answerOf(500, 'x'.repeat(100_000))), ['provider_fault'])
    assert.ok((long.answer?.body?.length ?? 0) <= 8192, 'a long answer is cut')
  })

  test('explains every code in English and Chinese, with its source', async () => {
    for (const [code, { failure, meaning, remedy, source }] of Object.entries(connector.failures)) {
      assert.ok(Object.hasOwn(FAILURES, failure), `${code}: ${failure} is not a failure`)
      for (const text of [meaning.en, meaning['zh-CN'], remedy.en, remedy['zh-CN'], source])
        assert.ok(text.trim() !== '', `${code} lacks a text`)
    }
  })

  test('links pages by https addresses, each once and with a name in English and Chinese', async () => {
    for (const [code, { links = [] }] of Object.entries(connector.failures)) {
      for (const { href, label } of links) {
        assert.match(href, /^https:\/\/[^\s/]+\S*$/, `${code}: ${href} is no https address`)
        assert.ok(label.en && label['zh-CN'], `${code}: ${href} lacks a name`)
      }
      const addresses = links.map(({ href }) => href)
      assert.equal(new Set(addresses).size, addresses.length, `${code} links a page twice`)
    }
  })
}
