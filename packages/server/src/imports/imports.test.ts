import { expect, it } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import { eachDatabase } from '../db/testing.ts'
import { canonical, createImports } from './imports.ts'

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
})
