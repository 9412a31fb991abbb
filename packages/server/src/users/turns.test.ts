import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { errorOf } from '../testing/world.ts'
import { AT_ONCE, inTurn, MOST_OF_ONE_ADDRESS, MOST_WAITING, onBehalfOf } from './turns.ts'

const REFUSAL = { code: 'request.too_many_password_checks', kind: undefined, data: { retryAfter: 2 } }

/** Work that ends when it is told to, and all that is under way. */
function workshop() {
  const running = new Set<string>()
  const seen: string[][] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => async () => {
    running.add(name)
    seen.push([...running])
    await new Promise<void>(resolve => ends.set(name, resolve))
    running.delete(name)
    return name
  }
  const end = async (name: string) => {
    ends.get(name)!()
    await tick()
  }
  return { running, seen, work, end }
}

/** Until whatever can begin has begun. */
const tick = () => new Promise<void>(resolve => setImmediate(resolve))

describe('password hashes', () => {
  let held: { all: Promise<unknown>; free(): void }

  /** Takes all places. */
  function hold() {
    const { promise, resolve } = Promise.withResolvers<void>()
    return { all: inTurn(() => promise, AT_ONCE), free: resolve }
  }

  beforeEach(() => {
    held = hold()
  })
  afterEach(async () => {
    vi.useRealTimers()
    held.free()
    await held.all
  })

  test('are computed a few at once, in the order in which they were asked for', async () => {
    const { work, end, seen } = workshop()
    const all = ['a', 'b', 'c', 'd'].map(name => inTurn(work(name)))
    await tick()
    expect(seen).toEqual([])
    held.free()
    await tick()
    await end('b')
    await end('a')
    await end('c')
    await end('d')
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
    expect(seen).toEqual([['a'], ['a', 'b'], ['a', 'c'], ['c', 'd']])
  })

  test('that are costly are computed alone, and are not overtaken for ever', async () => {
    const { work, end, seen } = workshop()
    const all = [inTurn(work('small')), inTurn(work('big'), AT_ONCE), inTurn(work('late'))]
    held.free()
    await tick()
    expect(seen).toEqual([['small']])
    await end('small')
    await end('big')
    await end('late')
    await Promise.all(all)
    expect(seen).toEqual([['small'], ['big'], ['late']])
  })

  test('wait in a short queue, beyond which they are refused at once', async () => {
    const all = Array.from({ length: MOST_WAITING }, () => inTurn(async () => 'done'))
    expect(await errorOf(inTurn(async () => 'never'))).toMatchObject(REFUSAL)
    held.free()
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']))
    expect(await inTurn(async () => 'again')).toBe('again')
  })

  test('for one address leave places to others, whatever addresses of its network it uses', async () => {
    const ask = (address: string) => onBehalfOf(address, () => inTurn(async () => address))
    const all = Array.from({ length: MOST_OF_ONE_ADDRESS }, (_, n) => ask(`2001:db8:0:7:${n}::1`))
    expect(await errorOf(ask('2001:db8:0:7:ffff::1'))).toMatchObject(REFUSAL)
    const others = [ask('2001:db8:0:8::1'), ask('203.0.113.9'), inTurn(async () => 'nobody')]
    held.free()
    await Promise.all(all)
    expect(await Promise.all(others)).toEqual(['2001:db8:0:8::1', '203.0.113.9', 'nobody'])
  })

  test('are shared among those who come: whoever fills the queue from a few networks is in their own way alone', async () => {
    const ask = (address: string) => onBehalfOf(address, () => inTurn(async () => address))
    const flood = (addressOf: (n: number) => string) =>
      Array.from({ length: MOST_WAITING }, (_, n) => errorOf(ask(addressOf(n))).catch(() => undefined))
    // Two addresses, or all the networks of one customer.
    for (const addressOf of [
      (n: number) => `203.0.113.${n % 2}`,
      (n: number) => `2001:db8:1:${n.toString(16)}::1`,
    ]) {
      const all = flood(addressOf)
      const others = ['198.51.100.1', '198.51.100.2', '2001:db8:2::1'].map(ask)
      expect(await errorOf(ask(addressOf(0)))).toMatchObject(REFUSAL)
      held.free()
      expect(await Promise.all(others)).toEqual(['198.51.100.1', '198.51.100.2', '2001:db8:2::1'])
      expect((await Promise.all(all)).filter(Boolean)).toHaveLength(3)
      held = hold()
    }
  })

  test('are refused when their turn does not come for some seconds, and make way', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { work, end } = workshop()
    const refused = errorOf(inTurn(work('big'), AT_ONCE))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await refused).toMatchObject(REFUSAL)
    const next = inTurn(work('next'))
    held.free()
    await tick()
    await end('next')
    expect(await next).toBe('next')
  })

  test('that fail give their place back', async () => {
    held.free()
    for (let time = 0; time < 2 * AT_ONCE; time += 1)
      await expect(inTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await inTurn(async () => 'well')).toBe('well')
  })
})
