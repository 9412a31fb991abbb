import assert from 'node:assert/strict'
import type { Fetch, HttpAnswer } from '../send-world.ts'
import { answerOf, type Trial, textOf } from '../test-world.ts'
import { failure, failureOf, type RunTest, type Trials } from './trials.ts'

const nonAnswers: Record<string, () => HttpAnswer> = {
  'a 500 with HTML': () => answerOf(500, '<html><h1>500 Internal Server Error</h1></html>'),
  'a 503 without a body': () => answerOf(503),
  'HTML with status 200': () => answerOf(200, '<!doctype html><title>Welcome</title>'),
  'an empty body': () => answerOf(200, ''),
  'an absent body': () => answerOf(200),
  'JSON that is no object': () => answerOf(200, '"OK"'),
  'a JSON array': () => answerOf(200, '[{}]'),
  'JSON null': () => answerOf(200, 'null'),
  'an object without members': () => answerOf(200, '{}'),
  'bytes that are no text': () => answerOf(200, '\u0000\ufffd\u0001'),
}

function brokenOff(text: string): HttpAnswer {
  const body = (async function* () {
    yield new TextEncoder().encode(text)
    throw new TypeError('terminated', { cause: failure('UND_ERR_SOCKET') })
  })()
  return { status: 200, headers: { get: () => null }, body }
}

/** The request that the connector makes, to be put to another stand-in. */
async function requestOf(send: (fetch: Fetch) => Promise<Trial>, fetch: Fetch): Promise<Parameters<Fetch>> {
  let seen: Parameters<Fetch> | undefined
  await send((...request) => {
    seen = request
    return fetch(...request)
  })
  assert.ok(seen, 'a send makes exactly one request')
  return [seen[0], { ...seen[1], signal: AbortSignal.timeout(20_000) }]
}

/** What is no answer of the provider is taken neither for a success nor for a refusal. */
export function testAnswers(test: RunTest, { subject, send }: Trials): void {
  for (const [name, answer] of Object.entries(nonAnswers))
    test(`takes ${name} for no answer`, async () => {
      const error = failureOf(await send(async () => answer()), ['unreachable', 'provider_fault'])
      assert.equal(error.maybeSent, true)
    })

  test('takes a cut-off answer, a broken-off one and a success with a bad status for no answer', async () => {
    const answer = await textOf(
      await subject.provider().fetch(...(await requestOf(send, subject.provider().fetch))),
    )
    const half = answer.slice(0, Math.floor(answer.length / 2))
    for (const given of [() => answerOf(200, half), () => brokenOff(half), () => answerOf(500, answer)])
      failureOf(await send(async () => given()), ['unreachable', 'provider_fault'])
  })

  test('stops reading an answer that does not end', async () => {
    let closed = false
    const endless = async function* () {
      try {
        for (;;) yield new Uint8Array(65_536).fill(0x20)
      } finally {
        closed = true
      }
    }
    const answer: HttpAnswer = { status: 200, headers: { get: () => null }, body: endless() }
    failureOf(await send(async () => answer), ['unreachable', 'provider_fault'])
    assert.ok(closed, 'the answer’s body is let go')
  })
}
