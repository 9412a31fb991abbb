import { expect, test } from 'vitest'
import { againAfterDeadlock } from './database.ts'
import { eachDatabase } from './testing.ts'

eachDatabase('two that wait for each other', openFresh => {
  test('both get done in the end', async () => {
    const db = await openFresh()
    for (const key of ['one', 'two']) await db.insertInto('settings').values({ key, value: '' }).execute()
    let began = 0
    /** Writes both rows in its own order; the first time, when the other has written its first as well. */
    const write = (keys: string[], value: string) =>
      againAfterDeadlock(() =>
        db.transaction().execute(async tx => {
          for (const [index, key] of keys.entries()) {
            await tx.updateTable('settings').set({ value }).where('key', '=', key).execute()
            began += 1
            for (let looks = 0; index === 0 && began < 2 && looks < 20; looks += 1)
              await new Promise(resolve => setTimeout(resolve, 10))
          }
        }),
      )
    await Promise.all([write(['one', 'two'], 'forth'), write(['two', 'one'], 'back')])
    const rows = await db.selectFrom('settings').select('value').execute()
    expect(new Set(rows.map(({ value }) => value)).size).toBe(1)
  })

  test('what fails otherwise is not tried again', async () => {
    let tries = 0
    const work = async () => {
      tries += 1
      throw new Error('another')
    }
    await expect(againAfterDeadlock(work)).rejects.toThrow('another')
    expect(tries).toBe(1)
  })
})
