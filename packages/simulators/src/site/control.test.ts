import { describe, expect, it } from 'vitest'
import { createClouds, type ReceiptView } from '../index.ts'
import { sampleRequest } from '../signed-requests.ts'

/** A site of its own, and a way to ask it. */
function setUp() {
  let now = Date.now()
  const pushed: string[] = []
  const clouds = createClouds({
    now: () => now,
    push: async request => {
      pushed.push(request.url)
      return new Response('{"code":0}')
    },
  })
  const ask = async (method: string, path: string, body?: unknown) => {
    const text = body === undefined ? null : JSON.stringify(body)
    const response = await clouds.site(
      new Request(`http://localhost:8080/control${path}`, { method, body: text }),
    )
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  const wait = (ms: number) => {
    now += ms
  }
  return { clouds, ask, pushed, wait }
}

describe('the control API', () => {
  it('sets balances', async () => {
    const { ask } = setUp()
    expect(await ask('PUT', '/balance', { account: 'LTAI-simulated-ok', messages: 3 })).toMatchObject({
      status: 200,
      body: { balances: { 'LTAI-simulated-ok': 3 } },
    })
    expect(await ask('PUT', '/balance', { account: 'AKID-simulated-ok', messages: null })).toMatchObject({
      body: { balances: { 'AKID-simulated-ok': null } },
    })
  })

  it.each([
    [{}],
    [{ account: 'LTAI-simulated-ok' }],
    [{ account: 'LTAI-simulated-ok', messages: -1 }],
    [{ account: 'LTAI-simulated-ok', messages: '3' }],
    [{ account: 'nobody', messages: 3 }],
    [{ account: 7, messages: 3 }],
    [{ account: 'LTAI-simulated-ok', messages: 3, extra: 1 }],
    [[]],
    [null],
  ])('says what is wrong with the balance %j', async body => {
    expect(await setUp().ask('PUT', '/balance', body)).toEqual({
      status: 400,
      body: { error: expect.stringMatching(/\w/) },
    })
  })

  it('sets callbacks and lists receipts, which it pushes on request', async () => {
    const { clouds, ask, pushed, wait } = setUp()
    const url = 'http://127.0.0.1:9000/receipts'
    expect(await ask('PUT', '/callback', { cloud: 'aliyun-sms', url })).toMatchObject({
      status: 200,
      body: { callbacks: { 'aliyun-sms': { url } } },
    })
    await clouds.fetch(sampleRequest('aliyun-sms'))
    expect((await ask('GET', '/receipts')).body).toMatchObject([{ state: 'waiting', to: '+8613800138000' }])
    wait(1000)
    expect((await ask('POST', '/tick')).body).toMatchObject([
      { state: 'delivered', code: 'DELIVERED', push: { state: 'acknowledged', attempts: 1 } },
    ])
    expect(pushed).toEqual([url])
    await clouds.fetch(sampleRequest('aliyun-dm'))
    const { body } = await ask('POST', '/advance', { milliseconds: 1000 })
    expect((body as unknown as ReceiptView[]).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
    expect((await ask('GET', '/receipts?to=13800138000')).body).toHaveLength(1)
    expect((await ask('GET', '/receipts?to=ADA@example.com')).body).toHaveLength(1)
    expect(await ask('PUT', '/callback', { cloud: 'aliyun-sms', url: null })).toMatchObject({
      body: { callbacks: {} },
    })
  })

  it.each([
    [{ cloud: 'aliyun-sms', url: 'http://example.com/' }, /this machine only/],
    [{ cloud: 'aliyun-sms', url: 'nonsense' }, /this machine only/],
    [{ cloud: 'aws', url: null }, /"cloud" is one of/],
    [{ cloud: 'aliyun-sms' }, /"url"/],
    [{ cloud: 'aliyun-sms', url: 'http://127.0.0.1/', token: 'x' }, /"token"/],
    [{ cloud: 'aliyun-dm', url: 'http://127.0.0.1/', token: 'two words' }, /"token"/],
    [{ cloud: 'aliyun-dm', url: 'http://127.0.0.1/', token: 'x\r\ny: z' }, /"token"/],
    ['http://127.0.0.1/', /JSON object/],
  ])('refuses the callback %j and says why', async (body, why) => {
    expect(await setUp().ask('PUT', '/callback', body)).toEqual({
      status: 400,
      body: { error: expect.stringMatching(why) },
    })
  })

  it('changes how receipts come, one setting at a time', async () => {
    const { ask } = setUp()
    await ask('PUT', '/receipts', { delay: 7 })
    expect((await ask('PUT', '/receipts', { duplicates: true })).body).toMatchObject({
      receipts: { delay: 7, duplicates: true, sessionContext: false },
    })
    for (const wrong of [{ delay: -1 }, { delay: '7' }, { duplicates: 1 }, { other: true }, []]) {
      expect((await ask('PUT', '/receipts', wrong)).status).toBe(400)
    }
    for (const wrong of [{}, { milliseconds: -1 }, { milliseconds: 1e12 }, { ms: 1 }]) {
      expect((await ask('POST', '/advance', wrong)).status).toBe(400)
    }
  })
})
