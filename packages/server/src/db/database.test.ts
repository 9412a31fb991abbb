import { sql } from 'kysely'
import { expect, it, vi } from 'vitest'
import { eachDatabase } from './testing.ts'

eachDatabase('the database', openFresh => {
  it('has all tables, and none of their rows', async () => {
    const db = await openFresh()
    expect(await db.selectFrom('users').selectAll().execute()).toEqual([])
    await db.insertInto('settings').values({ key: 'a', value: 'b' }).execute()
  })

  it('is empty again for every test', async () => {
    const db = await openFresh()
    expect(await db.selectFrom('settings').selectAll().execute()).toEqual([])
  })

  it('survives that the server ends idle connections', async ({ task, skip }) => {
    if (!task.suite?.name.includes('PostgreSQL')) skip()
    const db = await openFresh()
    const other = await openFresh()
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${rows[0]!.name}`.execute(
      other,
    )
    await vi.waitFor(async () => {
      expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }])
    })
  })
})
