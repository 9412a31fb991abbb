import { describe, expect, it } from 'vitest'
import { DOCUMENTED_CODES } from './documented-codes.ts'
import { HUGE_BYTES, REDIRECT_TO } from './faults.ts'
import { type CloudId, createClouds, type Fault } from './index.ts'
import { sampleRequest } from './signed-requests.ts'

const CLOUDS: CloudId[] = ['aliyun-sms', 'aliyun-pnvs', 'aliyun-dm', 'tencent-sms']

describe('a fault by switch', () => {
  const meet = async (fault: Fault, cloud: CloudId = 'aliyun-sms') => {
    const clouds = createClouds()
    clouds.control.setFault(fault)
    const outcome = await clouds.fetch(sampleRequest(cloud)).then(
      async response => ({ status: response.status, body: await response.text() }),
      (error: Error & { cause?: { code: string } }) => ({
        name: error.name,
        message: error.message,
        cause: error.cause?.code,
      }),
    )
    return { clouds, outcome, delivered: clouds.inbox.messages().length }
  }

  it.each(CLOUDS)('loses the connection to %s before or after the message is accepted', async cloud => {
    expect(await meet({ kind: 'drop-before' }, cloud)).toMatchObject({
      outcome: { name: 'TypeError', message: 'fetch failed', cause: 'ECONNREFUSED' },
      delivered: 0,
    })
    expect(await meet({ kind: 'drop-after' }, cloud)).toMatchObject({
      outcome: { name: 'TypeError', message: 'fetch failed', cause: 'ECONNRESET' },
      delivered: 1,
    })
  })

  it.each(CLOUDS)('makes %s answer what is no answer', async cloud => {
    expect(await meet({ kind: 'http-500' }, cloud)).toMatchObject({ outcome: { status: 500 }, delivered: 0 })
    expect(await meet({ kind: 'http-503' }, cloud)).toMatchObject({ outcome: { status: 503 }, delivered: 0 })
    expect(await meet({ kind: 'html' }, cloud)).toMatchObject({
      outcome: { status: 200, body: expect.stringContaining('<html>') },
      delivered: 0,
    })
    expect(await meet({ kind: 'empty' }, cloud)).toMatchObject({
      outcome: { status: 200, body: '' },
      delivered: 0,
    })
    const cut = await meet({ kind: 'cut-off' }, cloud)
    expect(cut).toMatchObject({ outcome: { status: 200 }, delivered: 1 })
    expect(() => JSON.parse((cut.outcome as { body: string }).body)).toThrow()
    const odd = await meet({ kind: 'wrong-type' }, cloud)
    expect(odd).toMatchObject({ outcome: { status: 200 }, delivered: 1 })
    expect(JSON.parse((odd.outcome as { body: string }).body)).toBeTypeOf('object')
  })

  it('hangs until the caller gives up', async () => {
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'hang' })
    const caller = new AbortController()
    const pending = clouds.fetch(new Request(sampleRequest('aliyun-dm'), { signal: caller.signal }))
    setTimeout(() => caller.abort(new Error('enough')), 5)
    await expect(pending).rejects.toThrow('enough')
    expect(clouds.inbox.messages()).toEqual([])
  })

  it('answers late, unless the caller gives up first', async () => {
    expect(await meet({ kind: 'slow', delay: 5 })).toMatchObject({ outcome: { status: 200 }, delivered: 1 })
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'slow', delay: 60_000 })
    const request = new Request(sampleRequest('aliyun-sms'), { signal: AbortSignal.timeout(5) })
    await expect(clouds.fetch(request)).rejects.toThrow()
    expect(clouds.inbox.messages()).toEqual([])
  })

  it('takes a message and answers late, also when the caller has given up by then', async () => {
    expect(await meet({ kind: 'late-answer', delay: 5 })).toMatchObject({
      outcome: { status: 200 },
      delivered: 1,
    })
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'late-answer', delay: 60_000 })
    const request = new Request(sampleRequest('aliyun-sms'), { signal: AbortSignal.timeout(5) })
    await expect(clouds.fetch(request)).rejects.toThrow()
    expect(clouds.inbox.messages()).toHaveLength(1)
  })

  it.each<[CloudId, string, number, string]>([
    ['aliyun-sms', 'isv.DAY_LIMIT_CONTROL', 200, '{"RequestId"'],
    ['aliyun-sms', 'Throttling.User', 400, '"Recommend"'],
    ['aliyun-sms', 'PORT_NOT_REGISTERED', 200, 'PORT_NOT_REGISTERED'],
    ['aliyun-dm', 'InvalidToAddress.Spam', 400, '"HostId"'],
    ['aliyun-dm', 'ServiceUnavailable', 503, '"HostId"'],
    ['tencent-sms', 'LimitExceeded.PhoneNumberDailyLimit', 200, '"SendStatusSet":[{'],
    ['tencent-sms', 'AuthFailure.SignatureExpire', 200, '"Error":{'],
  ])('makes %s answer %s in its layer', async (cloud, code, status, part) => {
    const { outcome, delivered } = await meet({ code }, cloud)
    expect(outcome).toMatchObject({ status })
    expect((outcome as { body: string }).body).toContain(code)
    if (part !== '{"RequestId"') expect((outcome as { body: string }).body).toContain(part)
    expect(delivered).toBe(0)
  })

  it.each<[CloudId, string]>([
    ['aliyun-sms', 'Throttling.User'],
    ['aliyun-dm', 'Throttling.User'],
    ['tencent-sms', 'RequestLimitExceeded'],
  ])('throttles %s with %s', async (cloud, code) => {
    expect((await meet({ kind: 'throttle' }, cloud)).outcome).toMatchObject({
      body: expect.stringContaining(code),
    })
  })

  it('concerns one cloud and so many requests as it says', async () => {
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'http-500', cloud: 'tencent-sms', times: 2 })
    const statuses: number[] = []
    for (const cloud of ['aliyun-sms', 'tencent-sms', 'tencent-sms', 'tencent-sms'] as const) {
      statuses.push((await clouds.fetch(sampleRequest(cloud))).status)
    }
    expect(statuses).toEqual([200, 500, 500, 200])
    expect(clouds.control.state().fault).toBeNull()
  })
})

describe('a body under a fault', () => {
  const meet = async (fault: Fault, cloud: CloudId, signal?: AbortSignal) => {
    const clouds = createClouds()
    clouds.control.setFault(fault)
    const response = await clouds.fetch(new Request(sampleRequest(cloud), { signal }))
    return { response, delivered: clouds.inbox.messages().length }
  }

  it.each(CLOUDS)('of %s is elsewhere under redirect, on this machine', async cloud => {
    const { response, delivered } = await meet({ kind: 'redirect' }, cloud)
    expect([response.status, response.headers.get('location')]).toEqual([307, REDIRECT_TO])
    expect(new URL(REDIRECT_TO).hostname).toBe('127.0.0.1')
    expect(delivered).toBe(0)
  })

  it.each(CLOUDS)('of %s is right but declared wrongly under wrong-content-type', async cloud => {
    const { response, delivered } = await meet({ kind: 'wrong-content-type' }, cloud)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.json()).toBeTypeOf('object')
    expect(delivered).toBe(1)
  })

  it.each(CLOUDS)('of %s comes in bytes under slow-body, until the caller gives up', async cloud => {
    const caller = new AbortController()
    const { response, delivered } = await meet({ kind: 'slow-body' }, cloud, caller.signal)
    const reader = response.body!.getReader()
    expect((await reader.read()).value?.byteLength).toBe(1)
    expect((await reader.read()).value?.byteLength).toBe(1)
    caller.abort(new Error('enough'))
    await expect(reader.read()).rejects.toThrow('enough')
    expect(delivered).toBe(1)
  })

  it('is longer under huge than anybody should read, and right for who does', async () => {
    const { response, delivered } = await meet({ kind: 'huge' }, 'aliyun-sms')
    let [length, tail] = [0, '']
    for await (const chunk of response.body!) {
      length += chunk.byteLength
      tail = Buffer.from(chunk).toString()
    }
    expect(length).toBeGreaterThan(HUGE_BYTES)
    expect(JSON.parse(tail)).toMatchObject({ Code: 'OK' })
    expect(delivered).toBe(1)
  })

  it('ends when its reader leaves', async () => {
    for (const kind of ['huge', 'slow-body'] as const) {
      const { response } = await meet({ kind }, 'tencent-sms')
      await response.body!.cancel()
    }
  })
})

describe('every documented code', () => {
  it.each(
    DOCUMENTED_CODES.flatMap(({ clouds, layer, status, codes }) =>
      clouds.map(cloud => ({ cloud, layer, status, codes })),
    ),
  )('of $cloud at the layer $layer with status $status can be provoked', async expected => {
    for (const code of expected.codes) {
      const clouds = createClouds()
      clouds.control.setFault({ code })
      const response = await clouds.fetch(sampleRequest(expected.cloud))
      const body = (await response.json()) as Answer
      expect([code, response.status]).toEqual([code, expected.status])
      expect([code, layerOf(body)]).toEqual([code, expected.layer])
      const found = body.Response?.Error ?? body.Response?.SendStatusSet?.[0] ?? body
      expect(found).toMatchObject({ Code: code, Message: expect.stringMatching(/./) })
      expect(clouds.inbox.messages()).toEqual([])
    }
  })

  it.each(CLOUDS)('of %s stands in one place only', cloud => {
    const codes = DOCUMENTED_CODES.filter(({ clouds }) => clouds.includes(cloud)).flatMap(row => row.codes)
    expect(codes.length).toBeGreaterThan(60)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  it('keeps to the layer of the request when nothing is sent', async () => {
    const { tc3Request, rpcRequest } = await import('./signed-requests.ts')
    const clouds = createClouds()
    clouds.control.setFault({ code: 'FailedOperation.OtherError' })
    const query = tc3Request('DescribeSmsSignList', { International: 0 })
    expect(await (await clouds.fetch(query)).json()).toMatchObject({
      Response: { Error: { Code: 'FailedOperation.OtherError' } },
    })
    clouds.control.setFault({ code: 'isp.SYSTEM_ERROR' })
    const review = rpcRequest('GetSmsSign', '2017-05-25', { SignName: '示例应用' })
    expect(await (await clouds.fetch(review)).json()).toMatchObject({ Code: 'isp.SYSTEM_ERROR' })
  })
})

interface Answer {
  HostId?: string
  Response?: { Error?: object; SendStatusSet?: object[] }
}

function layerOf(body: Answer): string {
  if (body.Response) return body.Response.Error ? 'request' : 'number'
  return body.HostId ? 'gateway' : 'business'
}
