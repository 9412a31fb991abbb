import { type HttpAnswer, type Message, SendError, settingsSchema } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { connectors } from './index.ts'

const code = fc.constantFrom(
  'OK',
  'Ok',
  'isv.X',
  'Throttling',
  '',
  '__proto__',
  'toString',
  'FailedOperation',
)
const members = fc.constantFrom(
  ...[
    'Code',
    'Message',
    'BizId',
    'EnvId',
    'Model',
    'RequestId',
    'Response',
    'Error',
    'SendStatusSet',
    'SerialNo',
  ],
  '__proto__',
  'constructor',
)
/** JSON in the shapes of the clouds, with any type in any place. */
const { tree } = fc.letrec(tie => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    code,
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(members, tie('tree'), { maxKeys: 5 }),
  ),
}))
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  tree.map(value => new TextEncoder().encode(JSON.stringify(value))),
  fc
    .tuple(tree, fc.nat())
    .map(([value, cut]) => new TextEncoder().encode(JSON.stringify(value)).slice(0, cut % 80)),
)
const status = fc.oneof(
  fc.constantFrom(200, 200, 400, 403, 404, 429, 500, 503),
  fc.integer({ min: 100, max: 599 }),
)

/** Answers as the clouds give them; most of what an answer can be mistaken for is near one of these. */
const ANSWERS = [
  '{"Message":"OK","RequestId":"F655A8D5","Code":"OK","BizId":"900619746936498440^0"}',
  '{"Message":"触发分钟级流控Permits:1","RequestId":"F655A8D5","Code":"isv.BUSINESS_LIMIT_CONTROL"}',
  '{"RequestId":"F655A8D5","HostId":"dysmsapi.aliyuncs.com","Code":"SignatureDoesNotMatch","Message":"m","Recommend":"r"}',
  '{"Code":"OK","Message":"成功","Success":true,"RequestId":"F655A8D5","Model":{"BizId":"900^0","OutId":"a1"}}',
  '{"EnvId":"600000","RequestId":"F655A8D5"}',
  '{"Response":{"SendStatusSet":[{"SerialNo":"5000:1","PhoneNumber":"+8613800138000","Fee":1,"SessionContext":"","Code":"Ok","Message":"send success","IsoCode":"CN"}],"RequestId":"r"}}',
  '{"Response":{"SendStatusSet":[{"SerialNo":"","Code":"LimitExceeded.PhoneNumberDailyLimit"}],"RequestId":"r"}}',
  '{"Response":{"Error":{"Code":"AuthFailure.SignatureFailure","Message":"m"},"RequestId":"r"}}',
].map(answer => Buffer.from(answer))
const PIECES = [
  'null',
  '[]',
  '{}',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\u',
  '-1e999',
  'true',
  '"__proto__":',
]
const STATUSES = [200, 200, 200, 400, 403, 404, 429, 500, 503]

/** Random bodies by the thousand: an answer with bytes changed, pieces put in, or its end cut off. */
function mutants(seed: number, count: number): { bytes: Uint8Array; status: number }[] {
  // xorshift32; fast-check draws the seed, so a failure can be repeated.
  let state = seed | 1
  const below = (limit: number) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
  return Array.from({ length: count }, () => {
    let bytes = Buffer.from(ANSWERS[below(ANSWERS.length)]!)
    for (let changes = below(4); changes >= 0; changes--) {
      const at = below(bytes.length + 1)
      const kind = below(4)
      if (kind === 0) bytes = bytes.subarray(0, at)
      else if (kind === 1) bytes.fill(below(256), at, Math.min(bytes.length, at + 1 + below(8)))
      else
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(PIECES[below(PIECES.length)]!),
          bytes.subarray(kind === 2 ? at : Math.min(bytes.length, at + below(20))),
        ])
    }
    return { bytes, status: STATUSES[below(STATUSES.length)]! }
  })
}

describe.each(connectors.map(connector => [connector.id, connector] as const))('%s', (id, connector) => {
  const settings = settingsSchema(connector.settings).parse(sampleSettings[id as keyof typeof sampleSettings])
  const message: Message = {
    to: connector.channel === 'sms' ? '8613800138000' : 'ada@example.com',
    usageType: 'Generic',
    payload: { code: '739152' },
    attemptId: 'a1',
  }

  test('answers anything that a provider may say with ids or a SendError', async () => {
    await fc.assert(
      fc.asyncProperty(status, body, async (status, bytes) => {
        const answer: HttpAnswer = {
          status,
          headers: { get: () => null },
          body: (async function* () {
            yield bytes
          })(),
        }
        const world = {
          fetch: async () => answer,
          now: () => 0,
          random: (size: number) => new Uint8Array(size),
          deadline: 5000,
        }
        const result = await connector.send(message, settings, world).catch((error: unknown) => error)
        if (result instanceof SendError) return
        expect(status).toBe(200)
        expect(result).toEqual({ ids: expect.any(Object) })
      }),
      { numRuns: 3000 },
    )
  })

  test('answers damaged answers with ids or a SendError', async () => {
    const world = { now: () => 0, random: (size: number) => new Uint8Array(size), deadline: 60_000 }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 }), async seed => {
        for (const { bytes, status } of mutants(seed, 2000)) {
          const answer: HttpAnswer = {
            status,
            headers: { get: () => null },
            body: (async function* () {
              yield bytes
            })(),
          }
          try {
            const { ids } = await connector.send(message, settings, { ...world, fetch: async () => answer })
            if (status !== 200 || Object.values(ids).some(value => typeof value !== 'string' || value === ''))
              throw new Error(`${bytes} with the status ${status} counts as sent`)
          } catch (error) {
            if (!(error instanceof SendError)) throw error
          }
        }
      }),
      // Over all connectors that makes more than a hundred thousand.
      { numRuns: 13 },
    )
  })

  test('reads anything that a stranger may push, and believes nothing that has no form', async () => {
    const world = {
      fetch: () => Promise.reject(new TypeError('fetch failed')),
      now: () => 0,
      random: (size: number) => new Uint8Array(size),
      deadline: 5000,
    }
    const names = fc.constantFrom(
      ...['biz_id', 'out_id', 'success', 'err_code', 'report_time', 'sms_size', 'message_id', 'status'],
      ...['MessageId', 'Status', 'sid', 'report_status', 'nationcode', 'mobile', 'user_receive_time'],
      ...['type', 'source', 'data', '__proto__'],
    )
    const entry = fc.dictionary(names, fc.oneof(tree, fc.string(), fc.constantFrom('SUCCESS', '1', true)))
    const pushed = fc.oneof(
      fc.string(),
      tree.map(value => JSON.stringify(value)),
      fc.array(entry).map(list => JSON.stringify(list)),
    )
    await fc.assert(
      fc.asyncProperty(pushed, async body => {
        const request = { method: 'POST', url: 'https://example.com/r', headers: {}, body }
        const reading = await connector.receipts!.read!(request, settings, world)
        if ('refused' in reading) return
        for (const { ids, state } of reading.receipts) {
          expect(['delivered', 'failed', 'pending']).toContain(state)
          for (const each of Object.values(ids)) expect(each).toMatch(/^\P{Cc}{1,256}$/u)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('signs or refuses whatever is in its settings and in the message', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'a', '验') }),
    )
    await fc.assert(
      fc.asyncProperty(text, text, text, async (secret, name, code) => {
        const odd = {
          ...settings,
          accessKeySecret: secret,
          signName: name,
          accountName: name,
          fromAlias: name,
          templates: [
            { usageType: 'Generic', templateCode: name, subject: name, content: `${name}{{code}}` },
          ],
        }
        const world = {
          fetch: async () => new Response('{}'),
          now: () => 0,
          random: (size: number) => new Uint8Array(size),
          deadline: 5000,
        }
        const result = connector.send({ ...message, payload: { code } }, odd, world)
        await expect(result).rejects.toBeInstanceOf(SendError)
      }),
      { numRuns: 500 },
    )
  })
})
