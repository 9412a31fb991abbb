import { createHmac } from 'node:crypto'
import type { Fetch } from '@countersign/kit'
import { describe, expect, test } from 'vitest'
import { guardedFetch } from '../http/targets.ts'
import { attempt, type Parcel } from './attempt.ts'
import { masked } from './masking.ts'
import { receiver } from './testing.ts'

const body = '{"event":"PostSignIn","name":"陈"}'
const parcel = (url: string, headers?: Record<string, string>): Parcel => ({
  config: { url, ...(headers && { headers }) },
  signingKey: 'a-signing-key',
  body,
  eventId: 'event-1',
})
const send = (url: string, headers?: Record<string, string>) =>
  attempt(guardedFetch('anywhere', 'WEBHOOK_ALLOW_PRIVATE'), parcel(url, headers))

describe('one try', () => {
  test('brings the exact body, its signature and the event id', async () => {
    const { url, arrived } = await receiver(() => ({ status: 204 }))
    expect(await send(url)).toMatchObject({ delivered: true, response: { status: 204, body: '' } })
    const { headers, text } = arrived[0]!
    expect(text).toBe(body)
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Countersign',
      'countersign-event-id': 'event-1',
      'logto-signature-sha-256': createHmac('sha256', 'a-signing-key').update(text).digest('hex'),
    })
  })

  test("brings the webhook's own headers, which may not replace the signature or break the request", async () => {
    const { url, arrived } = await receiver()
    await send(url, {
      Authorization: 'Bearer x',
      'Content-Type': 'application/cloudevents+json',
      'User-Agent': 'mine',
      'Logto-Signature-Sha-256': 'forged',
      'Content-Length': '3',
      Host: 'elsewhere.example.com',
    })
    expect(arrived[0]).toMatchObject({
      text: body,
      headers: {
        authorization: 'Bearer x',
        'content-type': 'application/cloudevents+json',
        'user-agent': 'mine',
        host: new URL(url).host,
        'logto-signature-sha-256': expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    })
  })

  test.each([
    [408, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [404, false],
    [410, false],
    [302, false],
    [307, false],
  ])('answered with %i has failed, and another try is worth it: %s', async (status, retry) => {
    const { url } = await receiver(() => ({ status, headers: { location: 'http://127.0.0.1:9/' } }))
    const ending = await send(url)
    expect(ending).toMatchObject({ delivered: false, retry, response: { status } })
    expect(ending.error).toMatch(`Request failed with status code ${status}`)
  })

  test('remembers when the receiver would like the next', async () => {
    const { url } = await receiver(() => ({ status: 429, headers: { 'retry-after': '7' } }))
    expect(await send(url)).toMatchObject({ retry: true, retryAfter: 7000 })
  })

  test('reads no more of an answer than anybody needs, and keeps less', async () => {
    const { url } = await receiver(() => ({ status: 200, body: 'x'.repeat(5_000_000) }))
    const { response } = await send(url)
    expect(String(response?.body).length).toBeLessThan(5_000)
  })

  test('keeps an answer in JSON as such, without its secrets', async () => {
    const { url } = await receiver(() => ({ status: 200, body: '{"ok":true,"accessToken":"abc"}' }))
    expect((await send(url)).response?.body).toEqual({ ok: true, accessToken: '******' })
  })

  test('ends at its deadline when no answer comes, and when the answer does not end', async () => {
    const { url } = await receiver(() => 'nothing')
    expect(
      await attempt(guardedFetch('anywhere', 'WEBHOOK_ALLOW_PRIVATE'), parcel(url), { deadline: 30 }),
    ).toEqual({
      delivered: false,
      retry: true,
      error: 'The receiver did not answer in time',
    })
    const endless: Fetch = async (_, { signal }) => ({
      status: 200,
      headers: { get: () => null },
      body: (async function* () {
        yield Buffer.from('a')
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      })(),
    })
    expect(await attempt(endless, parcel(url), { deadline: 30 })).toMatchObject({ delivered: true })
  })

  test.each([
    ['not an address', 'Failed to parse URL from not an address'],
    ['', 'Failed to parse URL from '],
    ['ftp://example.com', 'Only http: and https: can be asked, not ftp:'],
    ['https://name:password@example.com', 'The URL holds a user name or password'],
  ])('to "%s" fails for good', async (url, error) => {
    expect(await send(url)).toEqual({ delivered: false, retry: false, error: expect.stringContaining(error) })
  })

  test('to a private address fails for good', async () => {
    const ending = await attempt(
      guardedFetch('public', 'WEBHOOK_ALLOW_PRIVATE'),
      parcel('http://169.254.169.254/latest/meta-data'),
    )
    expect(ending).toMatchObject({
      delivered: false,
      retry: false,
      error: expect.stringMatching(/^The address belongs to/),
    })
  })

  test('that finds nobody listening may go better later', async () => {
    expect(await send('http://127.0.0.1:1/')).toMatchObject({
      retry: true,
      error: expect.stringMatching(/^connect ECONNREFUSED/),
    })
  })

  test('with a header that no request can have fails for good', async () => {
    const { url, arrived } = await receiver()
    expect(await send(url, { 'x-bad': 'a\r\nb: c' })).toMatchObject({ delivered: false, retry: false })
    expect(arrived).toEqual([])
  })
})

test('a log shows no secrets, at whatever depth, and nothing else is hidden', () => {
  expect(
    masked({
      name: 'a',
      hasPassword: true,
      list: [{ clientSecret: 's', tokens: 1, refreshToken: 't', script: 'x' }],
      Authorization: 'Bearer y',
      setCookie: ['z'],
    }),
  ).toEqual({
    name: 'a',
    hasPassword: true,
    list: [{ clientSecret: '******', tokens: 1, refreshToken: '******' }],
    Authorization: '******',
    setCookie: '******',
  })
})
