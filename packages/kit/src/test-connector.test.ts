import { describe, expect, test } from 'vitest'
import { chooseTemplate, optionalText, SendError } from './index.ts'
import { testReceipts } from './suite/receipts.ts'
import { trialsOf } from './suite/trials.ts'
import { type ConnectorSubject, testConnector } from './test-connector.ts'
import { answerOf, textOf } from './test-world.ts'
import { both, type Mistake, NAME, RIGHT, toyConnector, toyProvider, UNREACHABLE } from './testing-toy.ts'

const subject = (mistake?: Mistake): ConnectorSubject => ({
  connector: toyConnector(mistake),
  settings: {
    key: 'toy-secret-key',
    name: NAME,
    templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
      usageType,
      templateCode: 't',
    })),
  },
  unreachable: UNREACHABLE,
  provider: () => toyProvider(mistake?.signed),
})

/** The names of those tests, of some with a name, that a connector does not pass. */
async function failedTests(mistake: Mistake, named: string): Promise<string> {
  const tests: [string, () => Promise<void>][] = []
  testConnector((name, run) => tests.push([name, run]), subject(mistake))
  const results = await Promise.all(
    tests
      .filter(([name]) => name.includes(named))
      .map(([name, run]) =>
        run().then(
          () => '',
          () => name,
        ),
      ),
  )
  return results.filter(name => name !== '').join('\n')
}

describe('the suite, for a connector that is right', () => {
  testConnector(test, subject())
})

describe('the suite, for a connector whose provider signs what it pushes', () => {
  testReceipts(test, trialsOf(subject({ signed: true })))
})

describe('the suite finds a connector that', () => {
  const mistakes: [string, Mistake, string][] = [
    ['encodes wrongly', { encode: value => value }, 'delivers the code'],
    ['counts half a segment', { segments: 0.5 }, 'delivers the code'],
    [
      'reads only one of two layers of errors',
      { refused: body => body.error },
      'names the failure of every code',
    ],
    [
      'sends where it says that it cannot',
      { serves: ['china'] },
      'refuses numbers where it says that it cannot send',
    ],
    [
      'has one template for readers of all languages',
      { choose: rows => rows[0] },
      'chooses the template in the reader’s language',
    ],
    [
      'knows no fallback language',
      { choose: (rows, usageType, locale) => chooseTemplate(rows, usageType, locale) },
      'chooses the template in the reader’s language',
    ],
    ['takes any answer for a success', { refused: () => undefined }, 'names the failure of every code'],
    ['maps a code wrongly', { failureOf: () => 'unrecognized' }, 'names the failure of every code'],
    [
      'guesses at codes it does not know',
      { failureOf: code => (code === 'E1' ? 'throttled' : 'recipient_blocked') },
      'calls a code that is in no table unrecognized',
    ],
    [
      'puts the secret into a message',
      {
        toError(error, secret) {
          error.message += ` with the key ${secret}`
          return error
        },
      },
      'keeps code, number and secrets out',
    ],
    [
      'hangs the request on its error',
      { toError: (error, _secret, body) => Object.assign(error, { request: { body } }) },
      'keeps code, number and secrets out',
    ],
    [
      'throws something else than SendError',
      { toError: () => new Error('it failed') },
      'names the failure of every code',
    ],
    [
      'passes the locale on',
      { extra: payload => `&all=${JSON.stringify(payload)}` },
      'sends no member of the payload',
    ],
    [
      'tries again by itself',
      {
        fetch: fetch => async (url, init) => {
          await fetch(url, init).catch(() => undefined)
          return await fetch(url, init)
        },
      },
      'delivers the code, with exactly one request',
    ],
    ['says of every failure that nothing was sent', { maybeSent: () => false }, 'with ECONNRESET'],
    ['says of every failure that something was sent', { maybeSent: () => true }, 'with ECONNREFUSED'],
    ['throws the raw answer away', { keepsAnswer: false }, 'keeps the provider’s raw answer'],
    ['has no deadline', { heedsDeadline: false }, 'gives up at its deadline'],
    [
      'accepts a configuration without its key',
      { key: { ...RIGHT.key, schema: optionalText({ label: both }).schema } },
      'refuses a configuration',
    ],
    ['throws at what is no push', { parse: text => JSON.parse(text) }, 'never throws'],
    ['acknowledges what is no push', { refusedStatus: 200 }, 'never throws'],
    ['takes what is lost for delivered', { stateOf: () => 'delivered' }, 'reads what became of a message'],
    ['explains no code', { receiptCodes: {} }, 'reads what became of a message'],
    [
      'tells nothing of which message it is',
      { tellsAll: receipt => ({ ...receipt, ids: {}, attemptId: 'x' }) },
      'reads what became of a message',
    ],
    ['drops most of a batch', { mostEntries: 10 }, 'in large batches'],
    ['keeps texts as long as they come', { cut: text => text }, 'never throws'],
    ['believes what somebody has changed', { signed: true, checksMark: false }, 'refuses signed ones'],
    [
      'asks by the provider’s id alone',
      { isOurs: (entry, asked) => entry.id === asked.ids.id },
      'also where the answer to the send never came',
    ],
    ['takes any message for the one', { isOurs: () => true }, 'knows nothing of a message'],
    [
      'repeats what the provider says when it is asked',
      { toPullError: (_, said) => new SendError('throttled', { code: said }) },
      'where the provider refuses to say',
    ],
    ['throws something else when it is asked', { toPullError: () => new Error('no') }, 'refuses to say'],
  ]

  test.each(mistakes)('%s', async (_, mistake, name) => {
    expect(await failedTests(mistake, name)).toContain(name)
  })
})

test('the text of an answer is read over the borders of its pieces', async () => {
  expect(await textOf(answerOf(200, '{"a":', '"验"}'))).toBe('{"a":"验"}')
})
