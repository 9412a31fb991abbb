import { expect, test } from 'vitest'
import { built, builtWrite } from './built.ts'
import { onceInRequest } from './memory.ts'
import { duringRequest } from './patience.ts'
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

  test('is built for each length of a list, and for what is given', async () => {
    const db = await openFresh()
    let times = 0
    const insert = builtWrite((on, rows: { uid: string; state: string; version?: number }[]) => {
      times += 1
      return on.insertInto('interactions').values(rows.map(row => ({ version: 7, ...row, expires_at: 10 })))
    })
    expect(await insert(db, [{ uid: 'one', state: 'a' }])).toBe(1)
    expect(await insert(db, [{ uid: 'two', state: 'b', version: undefined }])).toBe(1)
    expect(times).toBe(1)
    expect(await insert(db, [{ uid: 'three', state: 'c', version: 3 }])).toBe(1)
    const many = ['four', 'five'].map(uid => ({ uid, state: uid }))
    expect(await insert(db, many)).toBe(2)
    expect(times).toBe(3)
    const rows = await db
      .selectFrom('interactions')
      .select(['uid', 'state', 'version'])
      .orderBy('expires_at')
      .orderBy('uid')
      .execute()
    expect(rows).toEqual([
      { uid: 'five', state: 'five', version: 7 },
      { uid: 'four', state: 'four', version: 7 },
      { uid: 'one', state: 'a', version: 7 },
      { uid: 'three', state: 'c', version: 3 },
      { uid: 'two', state: 'b', version: 7 },
    ])
  })

  test('is noticed each time it writes, so that its request reads anew', async () => {
    const db = await openFresh()
    await db
      .insertInto('interactions')
      .values({ uid: 'one', state: '', version: 1, expires_at: 10 })
      .execute()
    const setState = builtWrite((on, { uid, state }: { uid: string; state: string }) =>
      on.updateTable('interactions').set({ state }).where('uid', '=', uid),
    )
    const read = () =>
      onceInRequest(db, ['interactions'], 'one', () =>
        db.selectFrom('interactions').select('state').executeTakeFirst(),
      )
    for (const state of ['a', 'b'])
      await duringRequest(async () => {
        await read()
        expect(await setState(db, { uid: 'one', state })).toBe(1)
        expect(await read()).toEqual({ state })
      })
  })
})
