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
  ...['Code', 'Message', 'BizId', 'EnvId', 'RequestId', 'Response', 'Error', 'SendStatusSet', 'SerialNo'],
  '__proto__',
  'constructor',
)
/** JSON in the shapes of the three clouds, with any type in any place. */
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
