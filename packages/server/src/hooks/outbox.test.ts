import type { Fetch } from '@countersign/kit'
import { describe, expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { dump, testKeys, testWorld } from '../testing/world.ts'
import { createHooks, type Hooks } from './hooks.ts'

const MINUTE = 60_000
const PAGE = { page: 1, size: 100, offset: 0 }
const ALL = { event: undefined, from: 0, to: undefined, capped: false }

/** Answers with these statuses in turn, the last one again and again; null is no answer at all. */
function answering(...statuses: (number | null)[]) {
  const calls: { url: string; eventId: string; body: string; signature: string }[] = []
  const fetch: Fetch = async (url, { headers, body, signal }) => {
    const status = statuses[Math.min(calls.length, statuses.length - 1)]!
    calls.push({
      url,
      eventId: headers['countersign-event-id']!,
      body: body!,
      signature: headers['logto-signature-sha-256']!,
    })
    if (status === null)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return { status, headers: { get: () => null }, body: null }
  }
  return { fetch, calls }
}

const make = (hooks: Hooks, change: object = {}) =>
  hooks.create({ events: ['PostSignIn'], config: { url: 'https://example.com/hook' }, ...change })

eachDatabase('the outbox', openFresh => {
  async function start(...statuses: (number | null)[]) {
    const db = await openFresh()
    const world = testWorld()
    const { fetch, calls } = answering(...statuses)
    const open = () => createHooks(db, testKeys, world, { fetch, deadline: 20 })
    const hooks = open()
    const log = async (id: string) => (await hooks.log(id, ALL, PAGE)).entries
    return { db, world, calls, hooks, open, log }
  }

  test('delivers an event once to each webhook that wants it', async () => {
    const { hooks, calls } = await start(200)
    await make(hooks, { config: { url: 'https://example.com/a' } })
    await make(hooks, { config: { url: 'https://example.com/b' } })
    await make(hooks, {
      config: { url: 'https://example.com/single' },
      events: undefined,
      event: 'PostSignIn',
    })
    // A list counts more than the single event.
    await make(hooks, { events: ['User.Created'], event: 'PostSignIn' })
    await make(hooks, { enabled: false })
    await hooks.emit('PostSignIn', () => ({ userId: 'u' }))
    await hooks.deliverDue()
    await hooks.deliverDue()
    expect(calls.map(({ url }) => url).sort()).toEqual([
      'https://example.com/a',
      'https://example.com/b',
      'https://example.com/single',
    ])
    expect(new Set(calls.map(({ eventId }) => eventId)).size).toBe(1)
  })

  test('asks for the details of an event only when somebody wants them', async () => {
    const { hooks } = await start(200)
    await make(hooks)
    await hooks.emit('User.Created', () => {
      throw new Error('nobody asked')
    })
    expect((await hooks.list(true))[0]?.executionStats).toEqual({ successCount: 0, requestCount: 0 })
  })

  test('two nodes that work it off at once never deliver one row twice', async () => {
    const { hooks, open, calls } = await start(200)
    await make(hooks)
    for (let nth = 0; nth < 30; nth += 1) await hooks.emit('PostSignIn', () => ({ nth }))
    await Promise.all([hooks, open(), open(), open()].map(node => node.deliverDue()))
    const seen = calls.map(({ body }) => JSON.parse(body).nth as number).sort((a, b) => a - b)
    expect(seen).toEqual(Array.from({ length: 30 }, (_, nth) => nth))
  })

  test('tries what failed again, later and later, with the same body, and gives up', async () => {
    const { hooks, world, calls, log } = await start(500)
    const { id } = await make(hooks)
    await hooks.emit('PostSignIn', () => ({}))
    const after = async (wait: number) => {
      world.wait(wait)
      await hooks.deliverDue()
      return calls.length
    }
    expect(await after(0)).toBe(1)
    expect(await after(5_000)).toBe(1)
    expect(await after(8_000)).toBe(2)
    expect(await after(MINUTE)).toBe(2)
    expect(await after(2 * MINUTE)).toBe(3)
    expect(await after(20 * MINUTE)).toBe(3)
    expect(await log(id)).toEqual([])
    expect(await after(20 * MINUTE)).toBe(4)
    expect(await after(24 * 60 * MINUTE)).toBe(4)
    expect(new Set(calls.map(({ body, signature, eventId }) => body + signature + eventId)).size).toBe(1)
    expect(await log(id)).toMatchObject([
      {
        key: 'TriggerHook.PostSignIn',
        payload: {
          key: 'TriggerHook.PostSignIn',
          result: 'Error',
          hookId: id,
          response: { statusCode: 500, body: '' },
          error: 'Request failed with status code 500',
        },
      },
    ])
  })

  test('a later try that succeeds is a success, and the only entry', async () => {
    const { hooks, world, log, calls } = await start(null, 503, 200)
    const { id } = await make(hooks)
    await hooks.emit('PostSignIn', () => ({}))
    for (const wait of [0, MINUTE, 5 * MINUTE]) {
      world.wait(wait)
      await hooks.deliverDue()
    }
    expect(calls).toHaveLength(3)
    expect((await log(id)).map(({ payload }) => payload.result)).toEqual(['Success'])
    expect((await hooks.get(id, true)).executionStats).toEqual({ successCount: 1, requestCount: 1 })
  })

  test.each([
    [0, 500, 1],
    [1, 500, 2],
    [undefined, 404, 1],
  ])('with retries %s and the answer %i it makes %i tries', async (retries, status, tries) => {
    const { hooks, world, calls } = await start(status)
    await make(hooks, {
      config: { url: 'https://example.com/', ...(retries !== undefined && { retries }) },
    })
    await hooks.emit('PostSignIn', () => ({}))
    for (let nth = 0; nth < 6; nth += 1) {
      await hooks.deliverDue()
      world.wait(60 * MINUTE)
    }
    expect(calls).toHaveLength(tries)
  })

  test('an event outlives the process that wrote it down, and the one that died while delivering it', async () => {
    const { db, hooks, open, world, calls } = await start(200)
    await make(hooks)
    await hooks.emit('PostSignIn', () => ({ first: true }))
    // What a killed process leaves behind: a claim, and nobody to conclude it.
    await db
      .updateTable('hook_deliveries')
      .set({ tries: 1, due_at: world.now() + MINUTE })
      .execute()
    const next = open()
    await next.deliverDue()
    expect(calls).toEqual([])
    world.wait(MINUTE)
    await next.deliverDue()
    expect(calls).toHaveLength(1)
  })

  test('a delivery whose every try went down with its process is given up, and says so', async () => {
    const { db, hooks, world, log, calls } = await start(200)
    const { id } = await make(hooks)
    await hooks.emit('PostSignIn', () => ({}))
    await db.updateTable('hook_deliveries').set({ tries: 4 }).execute()
    world.wait(MINUTE)
    await hooks.deliverDue()
    expect(calls).toEqual([])
    expect((await log(id))[0]?.payload).toMatchObject({
      result: 'Error',
      error: expect.stringContaining('process ended'),
    })
  })

  test('what was written before a webhook was disabled or deleted is not sent after it', async () => {
    const { hooks, calls, log } = await start(200)
    const [off, gone] = [await make(hooks), await make(hooks)]
    await hooks.emit('PostSignIn', () => ({}))
    await hooks.update(off.id, { enabled: false })
    await hooks.delete(gone.id)
    await hooks.deliverDue()
    expect(calls).toEqual([])
    expect((await log(off.id))[0]?.payload.error).toMatch('disabled')
    expect((await log(gone.id))[0]?.payload.error).toMatch('deleted')
  })

  test('delivers a settled event once more, as an entry of its own with the same event id', async () => {
    const { hooks, calls, log } = await start(404, 200)
    const { id } = await make(hooks)
    await hooks.emit('PostSignIn', () => ({ userId: 'u' }))
    await hooks.deliverDue()
    const [failed] = await log(id)
    const again = await hooks.redeliver(id, failed!.id)
    await hooks.deliverDue()
    expect(calls[1]).toEqual(calls[0])
    expect((await log(id)).map(entry => [entry.id, entry.payload.result]).sort()).toEqual(
      [
        [failed!.id, 'Error'],
        [again, 'Success'],
      ].sort(),
    )
  })

  test('a key that was changed signs from the next try on', async () => {
    const { hooks, world, calls } = await start(500, 200)
    const { id } = await make(hooks)
    await hooks.emit('PostSignIn', () => ({}))
    await hooks.deliverDue()
    await hooks.rotateKey(id)
    world.wait(MINUTE)
    await hooks.deliverDue()
    expect(calls[1]?.body).toBe(calls[0]?.body)
    expect(calls[1]?.signature).not.toBe(calls[0]?.signature)
  })

  test('a receiver that answers nobody does not hold up the others', async () => {
    const db = await openFresh()
    const world = testWorld()
    const quick: string[] = []
    const held: (() => void)[] = []
    const fetch: Fetch = async url => {
      if (url.endsWith('/slow')) await new Promise<void>(resolve => held.push(resolve))
      else quick.push(url)
      return { status: 200, headers: { get: () => null }, body: null }
    }
    const hooks = createHooks(db, testKeys, world, { fetch })
    await make(hooks, { config: { url: 'https://example.com/slow' } })
    for (let nth = 0; nth < 20; nth += 1) await hooks.emit('PostSignIn', () => ({ nth }))
    await make(hooks, { events: ['User.Created'] })
    for (let nth = 0; nth < 5; nth += 1) await hooks.emit('User.Created', () => ({ nth }))
    const all = hooks.deliverDue()
    await expect.poll(() => quick.length).toBe(5)
    expect(held.length).toBeLessThan(10)
    const free = setInterval(() => held.splice(0).forEach(resolve => void resolve()), 1)
    await all
    clearInterval(free)
    expect((await hooks.list(true)).map(hook => hook.executionStats?.successCount).sort()).toEqual([20, 5])
  })

  test('holds keys, headers, bodies and answers sealed, and logs none of them', async () => {
    const { db, hooks, world } = await start(500)
    const { signingKey } = await make(hooks, {
      config: {
        url: 'https://example.com/?key=url-secret',
        headers: { authorization: 'Bearer header-secret' },
      },
    })
    await hooks.emit('PostSignIn', () => ({ user: { primaryPhone: '8613800138000' } }))
    await hooks.deliverDue()
    const stored = dump([
      await db.selectFrom('hooks').selectAll().execute(),
      await db.selectFrom('hook_deliveries').selectAll().execute(),
    ])
    for (const secret of [signingKey, 'url-secret', 'header-secret', '8613800138000']) {
      expect(stored).not.toContain(secret)
      expect(world.lines.join('\n')).not.toContain(secret)
    }
    expect(world.lines.join('\n')).toContain('webhook not delivered')
  })

  test('forgets after a month what is settled, and never what is not', async () => {
    const { db, hooks, world } = await start(200, 500)
    await make(hooks)
    await hooks.emit('PostSignIn', () => ({}))
    await hooks.deliverDue()
    await hooks.emit('PostSignIn', () => ({}))
    world.wait(31 * 24 * 60 * MINUTE)
    await hooks.purge()
    expect(await db.selectFrom('hook_deliveries').select('state').execute()).toEqual([{ state: 'waiting' }])
  })

  test('an event that cannot be written down fails nobody, and is told to operators', async () => {
    const { db, hooks, world } = await start(200)
    await make(hooks)
    await db.schema.alterTable('hook_deliveries').renameTo('hidden').execute()
    await hooks.emit('PostSignIn', () => ({}))
    await db.schema.alterTable('hidden').renameTo('hook_deliveries').execute()
    expect(world.lines.join('\n')).toContain('webhook event lost')
  })
})

describe('a running outbox', () => {
  test('delivers at once, and stops without taking on more', async () => {
    const { openDatabase } = await import('../db/database.ts')
    const db = await openDatabase('sqlite::memory:', '')
    const { fetch, calls } = answering(200)
    const hooks = createHooks(db, testKeys, testWorld(), { fetch })
    await make(hooks)
    hooks.start()
    await hooks.emit('PostSignIn', () => ({}))
    await expect.poll(() => calls.length).toBe(1)
    await hooks.stop()
    await hooks.emit('PostSignIn', () => ({}))
    await hooks.deliverDue()
    expect(calls).toHaveLength(1)
    await db.destroy()
  })
})
