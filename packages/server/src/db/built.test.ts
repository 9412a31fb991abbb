import { expect, test } from 'vitest'
import { built } from './built.ts'
import { eachDatabase } from './testing.ts'

eachDatabase('a statement that is built once', openFresh => {
  test('is run with the values of each time', async () => {
    const db = await openFresh()
    const row = { state: '', version: 1 }
    await db
      .insertInto('interactions')
      .values([
        { ...row, uid: 'one', expires_at: 10 },
        { ...row, uid: 'two', expires_at: 20 },
      ])
      .execute()
    let times = 0
    const find = built((on, values: { uid: string; now: number }) => {
      times += 1
      return on
        .selectFrom('interactions')
        .select(['uid', 'version'])
        .where('uid', '=', values.uid)
        .where('expires_at', '>', values.now)
        .where('version', '=', 1)
    })
    expect(await find(db, { uid: 'one', now: 9 })).toEqual([{ uid: 'one', version: 1 }])
    expect(await find(db, { uid: 'two', now: 9 })).toEqual([{ uid: 'two', version: 1 }])
    expect(await find(db, { uid: 'one', now: 10 })).toEqual([])
    expect(await db.transaction().execute(tx => find(tx, { uid: 'two', now: 19 }))).toHaveLength(1)
    expect(times).toBe(1)
  })

  test('writes nothing, for nobody would notice', async () => {
    const db = await openFresh()
    const remove = built((on, values: { uid: string }) =>
      on.deleteFrom('interactions').where('uid', '=', values.uid),
    )
    await expect(remove(db, { uid: 'one' })).rejects.toThrow('Only a select')
  })
})
