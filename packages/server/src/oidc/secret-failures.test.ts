import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { startProvider, type TestProvider } from './testing.ts'
import { post, register, type TestClient } from './testing-client.ts'

eachDatabase('wrong secrets of an application', openFresh => {
  let server: TestProvider
  let machine: TestClient

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    server = await startProvider(await openFresh(), { trustProxy: 1 })
    machine = await register(server, 'MachineToMachine')
  })
  afterEach(async () => {
    vi.useRealTimers()
    await server.close()
  })

  /** Asks with a secret, from an address, at one of the three doors. */
  const ask = (secret: string, from = '203.0.113.7', path = '/token', client = machine) => {
    const form: Record<string, string> =
      path === '/token' ? { grant_type: 'client_credentials', resource: MANAGEMENT_API } : { token: 'x' }
    return post(server, path, form, { id: client.id, secret }, { 'x-forwarded-for': from })
  }
  const statusOf = async (answer: ReturnType<typeof ask>) => (await answer).status
  const fail = async (times: number, from?: string) => {
    for (let time = 0; time < times; time += 1) expect(await statusOf(ask(`wrong ${time}`, from))).toBe(401)
  }

  it('are answered twenty times in ten minutes, then not looked at, with the time to wait', async () => {
    await fail(20)
    for (const path of ['/token', '/token/introspection', '/token/revocation']) {
      const { status, headers, body } = await ask(machine.secret!, undefined, path)
      expect([status, headers.get('retry-after'), body.error]).toEqual([
        429,
        '600',
        'temporarily_unavailable',
      ])
    }
    server.pass(600_000)
    expect(await statusOf(ask(machine.secret!))).toBe(200)
  })

  it('keep nobody out at another address, of IPv6 at another network, and no other application', async () => {
    await fail(20)
    expect(await statusOf(ask(machine.secret!, '203.0.113.8'))).toBe(200)
    const other = await register(server, 'MachineToMachine')
    expect(await statusOf(ask(other.secret!, undefined, '/token', other))).toBe(200)
    await fail(10, '2001:db8::1')
    await fail(10, '2001:db8::2')
    expect(await statusOf(ask(machine.secret!, '2001:db8:0:0:ffff::3'))).toBe(429)
    expect(await statusOf(ask(machine.secret!, '2001:db8:0:1::1'))).toBe(200)
  })

  it('are answered no more often when many come at once', async () => {
    const guesses = Array.from({ length: 60 }, (_, index) => statusOf(ask(`wrong ${index}`)))
    const statuses = await Promise.all(guesses)
    expect(statuses.filter(status => status === 401)).toHaveLength(20)
    expect(statuses.filter(status => status === 429)).toHaveLength(40)
  })

  it('fill the audit log no further than they are answered', async () => {
    await fail(20)
    for (const _ of Array(5)) await ask('wrong')
    const failed = server.audited.filter(({ facts }) => facts.error !== undefined)
    expect(failed).toHaveLength(20)
  })

  it('do not count where the right one comes, however often', async () => {
    const statuses = await Promise.all(Array.from({ length: 40 }, () => statusOf(ask(machine.secret!))))
    expect(statuses).toEqual(Array(40).fill(200))
    await fail(19)
    expect(await statusOf(ask(machine.secret!))).toBe(200)
  })
})
