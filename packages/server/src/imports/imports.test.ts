import { expect, it } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import { eachDatabase } from '../db/testing.ts'
import { testWorld } from '../testing/world.ts'
import { CLAIM_LASTS, canonical, claimImport, createImports } from './imports.ts'

const keys = deriveKeys(Buffer.alloc(32, 1))

it('the order of members makes no difference, that of lists does', () => {
  expect(canonical({ b: { d: 1, c: undefined }, a: [1, 2] })).toBe(canonical({ a: [1, 2], b: { d: 1 } }))
  expect(canonical([1, 2])).not.toBe(canonical([2, 1]))
})

eachDatabase('imports', openFresh => {
  it('what was imported and not touched since is told from what was changed, deleted or made here', async () => {
    const db = await openFresh()
    const imports = createImports(db, keys)
    expect(await imports.since('users', 'lin', { name: 'Lin' })).toBe('never-imported')
    await imports.record('users', 'lin', { name: 'Lin', phone: '1' })
    expect(await imports.since('users', 'lin', { phone: '1', name: 'Lin' })).toBe('untouched')
    expect(await imports.since('users', 'lin', { name: 'Lin', phone: '2' })).toBe('changed')
    expect(await imports.since('users', 'lin', undefined)).toBe('changed')
    expect(await imports.since('applications', 'lin', { name: 'Lin', phone: '1' })).toBe('never-imported')
    await imports.record('users', 'lin', { name: 'Lin', phone: '2' })
    expect(await imports.since('users', 'lin', { name: 'Lin', phone: '2' })).toBe('untouched')
  })

  it('nothing of what was imported can be read from what is remembered', async () => {
    const db = await openFresh()
    await createImports(db, keys).record('users', 'lin', { phone: '8613800138000' })
    const [row] = await db.selectFrom('imports').selectAll().execute()
    expect(row).toEqual({ kind: 'users', id: 'lin', fingerprint: expect.stringMatching(/^[\w-]{43}$/) })
  })

  it('run one at a time; one that was killed holds up nobody for long', async () => {
    const db = await openFresh()
    const random = testWorld().random
    let time = 1000
    const world = { random, now: () => time }
    const all = await Promise.all([1, 2, 3].map(() => claimImport(db, world)))
    const [first, ...more] = all.filter(claim => claim !== undefined)
    expect(more).toEqual([])
    time += CLAIM_LASTS - 1
    expect(await first!.renew()).toBe(true)
    time += CLAIM_LASTS - 1
    expect(await claimImport(db, world)).toBeUndefined()
    time += 1
    const taken = (await Promise.all([1, 2].map(() => claimImport(db, world)))).filter(Boolean)
    expect(taken).toHaveLength(1)
    // Whoever slept meanwhile is told, and takes nothing from the other.
    expect(await first!.renew()).toBe(false)
    await first!.release()
    expect(await claimImport(db, world)).toBeUndefined()
    await taken[0]!.release()
    expect(await claimImport(db, world)).toBeDefined()
  })
})
