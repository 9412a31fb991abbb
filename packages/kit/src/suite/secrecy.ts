import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { SendError } from '../send-error.ts'
import type { Fetch } from '../send-world.ts'
import { secretKeys } from '../settings.ts'
import { answerOf, textOf } from '../test-world.ts'
import { failure, type RunTest, type Trials } from './trials.ts'

type Request = Parameters<Fetch>

/** What the stand-in answers a refused request with, to be replaced by what the provider repeats. */
const ECHO = 'Countersign.Echo'

/** What nobody may read in an error: the code, the number or address, and the secret settings. */
export function needlesOf({ subject, connector, message }: Trials): string[] {
  const secrets = secretKeys(connector.settings).flatMap(key =>
    subject.settings[key] === undefined ? [] : [String(subject.settings[key])],
  )
  const recipient = connector.channel === 'sms' ? message.to.slice(-10) : message.to
  return [message.payload.code!, recipient, ...secrets]
}

/** A stand-in that refuses; `codeFor` changes the code that it refuses with, `said` every other text. */
const refusing =
  ({ subject }: Trials, codeFor: (code: string) => string, said: (...request: Request) => string): Fetch =>
  async (...request) => {
    const provider = subject.provider()
    provider.refuseWith(ECHO)
    const answer = await provider.fetch(...request)
    const body = repeat(JSON.parse(await textOf(answer)), text =>
      text === ECHO ? codeFor(text) : said(...request),
    )
    return answerOf(answer.status, JSON.stringify(body))
  }

/** Providers and networks that repeat what they were sent, each in another place. */
function repeating(trials: Trials, needles: string[]): Fetch[] {
  const everything = (...[url, init]: Request) =>
    [url, decodeURIComponent(url), JSON.stringify(init.headers), init.body ?? '', ...needles].join(' ')
  const no = () => 'no'
  const knownCodes = Object.keys(trials.connector.failures).slice(-3)
  return [
    async (...request) => answerOf(500, `<html>${everything(...request)}</html>`),
    async (...request) => answerOf(200, everything(...request)),
    (...request) => Promise.reject(new TypeError(everything(...request), { cause: failure('ECONNRESET') })),
    (...request) => Promise.reject(Object.assign(new Error('x'), { code: everything(...request) })),
    ...needles.map(needle => refusing(trials, code => `Echo.${needle}.${code}`, no)),
    ...needles.map(needle => refusing(trials, () => needle, no)),
    ...knownCodes.map(code => refusing(trials, () => code, everything)),
    refusing(trials, code => code, everything),
  ]
}

/** Everything that anybody could read of an error, in one text. */
export const shownOf = (error: SendError): string =>
  [
    error.message,
    error.stack,
    JSON.stringify(error),
    String(error),
    error.cause,
    inspect(error, { depth: 12, showHidden: true }),
  ]
    .map(String)
    .join('\n')

/** Errors tell nothing of the message and of the secrets, whatever the provider says. */
export function testSecrecy(test: RunTest, trials: Trials): void {
  test('keeps code, number and secrets out of its errors, even when the provider repeats them', async () => {
    const needles = needlesOf(trials)
    for (const fetch of repeating(trials, needles)) {
      const { outcome } = await trials.send(fetch)
      assert.ok('error' in outcome, 'nothing was delivered')
      const { error } = outcome
      assert.ok(error instanceof SendError, `only SendError is thrown: ${inspect(error)}`)
      const text = shownOf(error)
      for (const needle of needles)
        assert.ok(!text.includes(needle), `an error shows ${needle}: ${text.slice(0, 400)}`)
    }
  })
}

/** The value with every text in it replaced. */
function repeat(value: unknown, say: (text: string) => string): unknown {
  if (typeof value === 'string') return say(value)
  if (Array.isArray(value)) return value.map(each => repeat(each, say))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, repeat(each, say)]))
}
