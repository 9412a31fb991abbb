import assert from 'node:assert/strict'
import type { Message } from '../connector.ts'
import { isObject } from '../json.ts'
import type { AskedReceipt, Receipt, ReceiptReading, ReceiptRequest, Receipts } from '../receipts.ts'
import { SendError } from '../send-error.ts'
import { type TestProvider, worldOf } from '../test-world.ts'
import { needlesOf, shownOf } from './secrecy.ts'
import { describe, type RunTest, type Trials } from './trials.ts'

/** Characters of anything in a receipt at most, and receipts of one request: strangers may write them. */
const MOST_CHARACTERS = 4096
const MOST_RECEIPTS = 1000

/** Bodies that no provider sends. */
const NO_PUSHES: readonly string[] = [
  '',
  ' ',
  'null',
  '7',
  '"OK"',
  '[null]',
  '[[]]',
  '{',
  '<?xml version="1.0"?><a/>',
  '\u0000\ufffd',
  '['.repeat(20_000),
  `{"a":"${'x'.repeat(100_000)}`,
]

/** Values that may stand where a provider puts a text, a number or a list. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1e308,
  {},
  [],
  '',
  '__proto__',
  '\u0000\ud800',
  'x'.repeat(10_000),
]

/** What became of messages: what a provider pushes is read, and a provider that can be asked is asked. */
export function testReceipts(test: RunTest, trials: Trials): void {
  const { receipts } = trials.connector
  if (!receipts) return
  if (receipts.read) testReading(test, trials, receipts.read.bind(receipts))
  if (receipts.pull) testPulling(test, trials, receipts.pull.bind(receipts))
}

type Read = NonNullable<Receipts['read']>
type Pull = NonNullable<Receipts['pull']>

/** What a stand-in pushes after some messages; fails when it pushes nothing. */
async function pushesAfter(trials: Trials, recipients: readonly string[]) {
  const provider = trials.subject.provider()
  const told = provider.receipts
  assert.ok(told, 'the stand-in tells what became of messages')
  const asked: AskedReceipt[] = []
  for (const to of recipients) asked.push(await sendTo(trials, provider, to, asked.length))
  const requests = await told.push()
  assert.ok(requests.length > 0, 'the stand-in pushes something')
  return { provider, signed: told.signed ?? false, asked, requests }
}

async function sendTo(
  trials: Trials,
  provider: TestProvider,
  to: string,
  nth: number,
): Promise<AskedReceipt> {
  const message: Message = { ...trials.message, to, attemptId: `attempt-8fq2-${nth}` }
  const sentAt = (trials.subject.now ?? Date.now)()
  const { outcome } = await trials.send(provider.fetch, { message })
  assert.ok('sent' in outcome, `the send failed: ${describe(outcome)}`)
  return { to, attemptId: message.attemptId, ids: outcome.sent.ids, sentAt }
}

/** Whether a receipt names the message: by our id, or by one of the provider's. */
const isAbout = ({ attemptId, ids }: Receipt, asked: AskedReceipt): boolean =>
  attemptId === asked.attemptId ||
  Object.entries(ids).some(([name, id]) => Object.hasOwn(asked.ids, name) && asked.ids[name] === id)

function testReading(test: RunTest, trials: Trials, read: Read): void {
  const { subject } = trials
  const readFor = (provider: TestProvider) => (request: ReceiptRequest) =>
    read(request, trials.settings() as never, worldOf(subject, provider.fetch))

  test('reads what became of a message from what the provider pushes, as often as it comes', async () => {
    const reached = [trials.message.to, ...(subject.unreachable === undefined ? [] : [subject.unreachable])]
    const { provider, asked, requests } = await pushesAfter(trials, reached)
    for (let times = 0; times < 2; times++) {
      const readings = await Promise.all(requests.map(readFor(provider)))
      const receipts = readings.flatMap(receiptsOf)
      for (const [index, about] of asked.entries()) {
        const state = index === 0 ? 'delivered' : 'failed'
        const ours = receipts.filter(receipt => isAbout(receipt, about))
        assert.equal(ours.length, 1, 'one receipt names the message')
        assert.equal(ours[0]!.state, state, `the message to ${index === 0 ? 'be delivered' : 'nobody'}`)
        const { code, at } = ours[0]!
        if (state === 'failed')
          assert.ok(Object.hasOwn(trials.connector.receipts!.codes, code ?? ''), `${code} is explained`)
        assert.ok(at === undefined || Math.abs(at - about.sentAt) < 3_600_000, 'the time has its offset')
      }
    }
  })

  test('takes pushes with members that nobody knows, in large batches, and refuses signed ones that were changed', async () => {
    const { provider, signed, requests } = await pushesAfter(trials, [trials.message.to])
    for (const request of requests) {
      const entries = [JSON.parse(request.body)].flat().filter(isObject)
      const many = Array.from({ length: 100 }, () => entries).flat()
      for (const changed of [entries.map(entry => ({ ...entry, brand_new: { a: [1] } })), many]) {
        const reading = await readFor(provider)({ ...request, body: JSON.stringify(changed) })
        if (signed) assert.ok('refused' in reading, 'a signed request that was changed is refused')
        else assert.equal(receiptsOf(reading).length, changed.length, 'every entry is read')
      }
    }
  })

  test('never throws, whatever it is told, and believes none of it where it is signed', async () => {
    const { provider, signed, requests } = await pushesAfter(trials, [trials.message.to])
    const [request] = requests as [ReceiptRequest]
    const needles = needlesOf(trials)
    const strange: ReceiptRequest[] = [
      ...NO_PUSHES.map(body => ({ ...request, body })),
      ...changedBodies(request.body).map(body => ({ ...request, body })),
    ]
    if (signed) {
      strange.push({ ...request, headers: {} })
      for (const name of Object.keys(request.headers).filter(each => /sign|token|secret/i.test(each)))
        strange.push({ ...request, headers: { ...request.headers, [name]: 'AAAA' } })
    }
    for (const each of strange) {
      const about = JSON.stringify(each.body.slice(0, 60))
      const reading = await readFor(provider)(each)
      assert.ok(Number.isInteger(reading.answer.status), `the answer to ${about} has a status`)
      assert.equal(typeof JSON.stringify(reading.answer.body), 'string', `the answer to ${about} is JSON`)
      if (signed || NO_PUSHES.includes(each.body)) assert.ok('refused' in reading, `${about} is refused`)
      if (!('refused' in reading)) {
        receiptsOf(reading)
        continue
      }
      assert.ok(reading.answer.status >= 400, 'what is refused is not acknowledged')
      for (const needle of needles)
        assert.ok(!JSON.stringify(reading).includes(needle), `a refusal shows ${needle}`)
    }
  })
}

/** Every member of a push, in every entry, replaced by odd values, one after the other. */
function changedBodies(body: string): string[] {
  const entries = [JSON.parse(body)].flat().filter(isObject)
  const names = [...new Set(entries.flatMap(entry => Object.keys(entry)))]
  return names
    .flatMap(name =>
      ODD_VALUES.map(value => JSON.stringify(entries.map(entry => ({ ...entry, [name]: value })))),
    )
    .filter(changed => changed !== body)
}

/** The receipts of a reading, of which each is as the kit has it. */
function receiptsOf(reading: ReceiptReading): Receipt[] {
  assert.ok(!('refused' in reading), `a push of the provider is refused: ${JSON.stringify(reading)}`)
  assert.ok(reading.answer.status >= 200 && reading.answer.status < 300, 'a push is acknowledged')
  assert.ok(reading.receipts.length <= MOST_RECEIPTS, 'the receipts of one request have a bound')
  for (const receipt of reading.receipts) {
    assert.ok(['delivered', 'failed', 'pending'].includes(receipt.state), 'a receipt has a state')
    const { ids, attemptId, to, code, detail } = receipt
    for (const text of [...Object.values(ids), attemptId, to, code, detail]) {
      if (text === undefined) continue
      assert.equal(typeof text, 'string')
      assert.ok(text.length > 0 && text.length <= MOST_CHARACTERS, 'every text of a receipt has a bound')
      assert.ok(!text.includes('\0') && text.isWellFormed(), 'every text of a receipt can be stored')
    }
    for (const number of [receipt.at, receipt.segments])
      assert.ok(number === undefined || Number.isSafeInteger(number), 'numbers of a receipt are whole')
  }
  return reading.receipts
}

function testPulling(test: RunTest, trials: Trials, pull: Pull): void {
  const pullFor = (provider: TestProvider) => (asked: AskedReceipt) =>
    pull(asked, trials.settings() as never, worldOf(trials.subject, provider.fetch))

  test('asks what became of a message, also where the answer to the send never came', async () => {
    const { provider, asked } = await pushesAfter(trials, [trials.message.to])
    const [about] = asked as [AskedReceipt]
    for (const ids of [about.ids, {}]) {
      const told = await pullFor(provider)({ ...about, ids })
      assert.ok(told, 'the provider knows the message')
      const receipts = receiptsOf({ receipts: told, answer: { status: 200, body: null } })
      assert.deepEqual(
        receipts.map(({ state }) => state),
        ['delivered'],
      )
      const said = JSON.stringify(receipts)
      assert.ok(!said.includes(trials.message.payload.code!), 'the code stands in no receipt')
    }
  })

  test('knows nothing of a message that was never sent', async () => {
    const { provider, asked } = await pushesAfter(trials, [trials.message.to])
    const [about] = asked as [AskedReceipt]
    const other = { ...about, ids: {}, attemptId: 'attempt-of-nobody', sentAt: about.sentAt - 7_200_000 }
    assert.deepEqual((await pullFor(provider)(other)) ?? [], [])
  })

  test('throws a SendError that shows nothing where the provider refuses to say', async () => {
    const { provider, asked } = await pushesAfter(trials, [trials.message.to])
    const code = Object.keys(trials.connector.failures).at(-1)!
    provider.refuseWith(code)
    const error = await pullFor(provider)(asked[0]!).catch((error: unknown) => error)
    assert.ok(error instanceof SendError, `only SendError is thrown: ${String(error)}`)
    for (const needle of needlesOf(trials))
      assert.ok(!shownOf(error).includes(needle), `an error shows ${needle}`)
  })
}
