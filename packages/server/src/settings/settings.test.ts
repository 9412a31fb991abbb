import { expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import {
  changeDocument,
  deleteSetting,
  putSetting,
  readDocument,
  readSetting,
  replaceSetting,
  settleSetting,
} from './settings.ts'

eachDatabase('settings', openFresh => {
  it('are settled once: whoever comes second gets what the first has stored', async () => {
    const db = await openFresh()
    const settled = await Promise.all(['a', 'b', 'c'].map(value => settleSetting(db, 'key', value)))
    expect(new Set(settled)).toEqual(new Set([await readSetting(db, 'key')]))
  })

  it('are replaced and deleted only as long as nobody else has changed them', async () => {
    const db = await openFresh()
    await putSetting(db, 'key', 'old')
    const replaced = await Promise.all(['a', 'b', 'c'].map(value => replaceSetting(db, 'key', 'old', value)))
    expect(replaced.filter(Boolean)).toHaveLength(1)
    expect(await deleteSetting(db, 'key', 'old')).toBe(false)
    expect(await deleteSetting(db, 'key', (await readSetting(db, 'key'))!)).toBe(true)
    expect(await readSetting(db, 'key')).toBeUndefined()
  })

  it('lose no member that several add at once, and none of a change that fails', async () => {
    const db = await openFresh()
    const members = Array.from({ length: 8 }, (_, index) => ({ [`member${index}`]: index }))
    await Promise.all(members.map(member => changeDocument(db, 'key', () => member)))
    const failing = changeDocument<object>(
      db,
      'key',
      () => ({ member0: 'changed' }),
      async () => {
        throw new Error('not along')
      },
    )
    await expect(failing).rejects.toThrow('not along')
    expect(await readDocument(db, 'key')).toEqual(Object.assign({}, ...members))
  })
})
