import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { carryVersion, onceInRequest, REMEMBERED_TABLES, remembered, versionColumn } from './memory.ts'
import { duringRequest, patiently } from './patience.ts'
import { eachDatabase, eachServerDatabase } from './testing.ts'

const versionOf = async (db: Database) =>
  (await db.selectFrom('memory_version').select('version').executeTakeFirst())?.version

/** Statements that write one row to each remembered table, change it and delete it. */
const WRITES: Record<
  (typeof REMEMBERED_TABLES)[number],
  { columns: string; values: string; changed: string }
> = {
  settings: { columns: 'key, value', values: `'k', 'v'`, changed: 'value' },
  applications: {
    columns:
      'id, name, type, oidc_client_metadata, custom_client_metadata, custom_data, is_third_party, is_admin, has_management_role, created_at',
    values: `'a', 'n', 'SPA', '{}', '{}', '{}', 0, 0, 0, 1`,
    changed: 'name',
  },
  application_secrets: {
    columns: 'application_id, name, value, created_at',
    values: `'other', 'n', 'v', 1`,
    changed: 'value',
  },
  connections: {
    columns: 'id, connector, channel, config, metadata, created_at, updated_at',
    values: `'c', 'x', 'sms', 'c', '{}', 1, 1`,
    changed: 'config',
  },
  connection_health: {
    columns: 'connection_id, settings, state, since',
    values: `'c', 's', 'resting', 1`,
    changed: 'state',
  },
  custom_phrases: {
    columns: 'language_tag, id, translation',
    values: `'de', 'i', '{}'`,
    changed: 'translation',
  },
  email_templates: {
    columns: 'id, language_tag, template_type, details, created_at',
    values: `'i', 'de', 'Generic', '{}', 1`,
    changed: 'details',
  },
  resources: {
    columns: 'id, name, indicator, access_token_ttl, is_default, created_at',
    values: `'r', 'n', 'https://r', 1, 0, 1`,
    changed: 'name',
  },
  hooks: {
    columns: 'id, name, events, config, signing_key, enabled, created_at',
    values: `'h', 'n', '[]', 'c', 'k', 1, 1`,
    changed: 'name',
  },
  fraud_findings: {
    columns:
      'id, subject, in_window, people, used, expected, basis, before_people, before_used, began_at, seen_at',
    values: `'f', 'sms/country/CN', 'hour', 1, 0, 0.5, 'own', 1, 1, 1, 1`,
    changed: 'basis',
  },
}

/** A setting through the memory, and how often it was loaded. */
function reading(db: Database) {
  let loads = 0
  return {
    get loads() {
      return loads
    },
    read: () =>
      remembered(db, 'one setting', async () => {
        loads += 1
        const row = await db
          .selectFrom('settings')
          .select('value')
          .where('key', '=', 'one')
          .executeTakeFirst()
        return { value: row?.value }
      }),
  }
}

const put = (db: Database, value: string) =>
  db
    .insertInto('settings')
    .values({ key: 'one', value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()

eachDatabase('the version of what is remembered', openFresh => {
  async function opened() {
    const db = await openFresh()
    // A database that other tests used before was emptied, and this row with it.
    if ((await versionOf(db)) === undefined)
      await db.insertInto('memory_version').values({ id: 1, version: 'first' }).execute()
    return db
  }

  test.each(REMEMBERED_TABLES)(
    'changes with each write to %s, and with none that is taken back',
    async table => {
      const db = await opened()
      const { columns, values, changed } = WRITES[table]
      if (table === 'application_secrets') {
        const { columns, values } = WRITES.applications
        await sql
          .raw(`insert into applications (${columns}) values (${values.replace("'a'", "'other'")})`)
          .execute(db)
      }
      const seen = new Set([await versionOf(db)])
      for (const statement of [
        `insert into ${table} (${columns}) values (${values})`,
        `update ${table} set ${changed} = 'another'`,
        `delete from ${table}`,
      ]) {
        await expect(
          db.transaction().execute(async tx => {
            await sql.raw(statement).execute(tx)
            throw new Error('taken back')
          }),
        ).rejects.toThrow('taken back')
        expect(seen).toContain(await versionOf(db))
        await sql.raw(statement).execute(db)
        const version = await versionOf(db)
        expect(seen, statement).not.toContain(version)
        seen.add(version)
      }
    },
  )

  test('lets a thing be loaded once, and again after a write', async () => {
    const db = await opened()
    const setting = reading(db)
    await put(db, 'old')
    expect([await setting.read(), await setting.read(), setting.loads]).toEqual([
      { value: 'old' },
      { value: 'old' },
      1,
    ])
    await put(db, 'new')
    expect([await setting.read(), setting.loads]).toEqual([{ value: 'new' }, 2])
  })

  test('what was loaded while somebody wrote is not taken for newer than it is', async () => {
    const db = await opened()
    await put(db, 'old')
    const read = (meanwhile: () => Promise<unknown>) =>
      remembered(db, 'slow', async () => {
        const row = await db
          .selectFrom('settings')
          .select('value')
          .where('key', '=', 'one')
          .executeTakeFirst()
        await meanwhile()
        return row?.value
      })
    expect(await read(() => put(db, 'new'))).toBe('old')
    expect(await read(async () => {})).toBe('new')
  })

  test('a request reads it once and sees what it wrote itself', async () => {
    const db = await opened()
    const setting = reading(db)
    await put(db, 'old')
    await duringRequest(async () => {
      expect(await setting.read()).toEqual({ value: 'old' })
      await put(db, 'new')
      expect(await setting.read()).toEqual({ value: 'new' })
      await db.transaction().execute(async tx => {
        await put(tx as Database, 'newest')
      })
      expect(await setting.read()).toEqual({ value: 'newest' })
    })
  })

  test('nothing is remembered of what is not there, nor where there is no version', async () => {
    const db = await opened()
    let loads = 0
    const missing = () =>
      remembered(db, 'missing', async () => {
        loads += 1
        return undefined
      })
    for (let times = 0; times < 3; times += 1) await missing()
    expect(loads).toBe(3)
    await duringRequest(async () => {
      for (let times = 0; times < 3; times += 1) await missing()
    })
    expect(loads).toBe(4)
    await db.deleteFrom('memory_version').execute()
    const setting = reading(db)
    await setting.read()
    await setting.read()
    expect(setting.loads).toBe(2)
  })

  test('a backup that is put back under a running server counts, and its version never comes to mean another state', async () => {
    const db = await opened()
    const setting = reading(db)
    await put(db, 'old')
    const before = (await versionOf(db))!
    await put(db, 'new')
    expect(await setting.read()).toEqual({ value: 'new' })
    const later = await versionOf(db)
    await put(db, 'old')
    await db.updateTable('memory_version').set({ version: before }).execute()
    expect(await setting.read()).toEqual({ value: 'old' })
    await put(db, 'other')
    expect(await versionOf(db)).not.toBe(later)
    expect(await setting.read()).toEqual({ value: 'other' })
  })

  test('may come along with the first statement of a request, and then costs none of its own', async () => {
    const db = await opened()
    const setting = reading(db)
    await put(db, 'old')
    await setting.read()
    await duringRequest(async () => {
      const row = await db.selectFrom('memory_version').select(versionColumn(db)).executeTakeFirstOrThrow()
      // What is written from here on is none of this request's concern.
      await patiently(() => put(db, 'new'))
      carryVersion(db, row.memory_version)
      expect(await setting.read()).toEqual({ value: 'old' })
    })
    expect(await duringRequest(setting.read)).toEqual({ value: 'new' })
    await duringRequest(async () => {
      const version = await versionOf(db)
      await put(db, 'newest')
      // Read before this request itself wrote, so it must not go by it.
      carryVersion(db, version!)
      expect(await setting.read()).toEqual({ value: 'newest' })
    })
  })

  test('what changes often is read once by a request, until it writes to that table', async () => {
    const db = await opened()
    let reads = 0
    const read = () => onceInRequest(db, ['users', 'hooks'], 'all', async () => ++reads)
    expect([await read(), await read()]).toEqual([1, 2])
    await duringRequest(async () => {
      expect(await Promise.all([read(), read()])).toEqual([3, 3])
      await db.deleteFrom('codes').execute()
      expect(await read()).toBe(3)
      await db.updateTable('users').set({ name: 'Ada' }).execute()
      expect([await read(), await read()]).toEqual([4, 5])
    })
    await duringRequest(async () => {
      const fails = () => onceInRequest(db, ['users'], 'fails', () => Promise.reject(new Error(`${++reads}`)))
      await expect(fails()).rejects.toThrow('6')
      await expect(fails()).rejects.toThrow('7')
    })
  })

  test('what is shared cannot be changed by those who share it', async () => {
    const db = await opened()
    const read = () => remembered(db, 'deep', async () => ({ list: [{ name: 'old' }] }))
    const value = await read()
    expect(() => value.list.push({ name: 'new' })).toThrow(TypeError)
    expect(() => {
      value.list[0]!.name = 'new'
    }).toThrow(TypeError)
  })

  test('what comes from a table that tells nobody of its changes is refused', async () => {
    const db = await opened()
    const load = () =>
      db
        .selectFrom('applications')
        .innerJoin('users', 'users.application_id', 'applications.id')
        .select('users.id')
        .execute()
    await expect(remembered(db, 'users', load)).rejects.toThrow('"users" cannot be remembered')
    await expect(remembered(db, 'codes', () => db.selectFrom('codes').selectAll().execute())).rejects.toThrow(
      'nobody tells when codes changes',
    )
  })

  test('what is remembered is bounded: what was used longest ago goes first', async () => {
    const db = await opened()
    await put(db, 'x')
    const loads: string[] = []
    const read = (key: string, size = 3_000_000) =>
      remembered(db, key, async () => {
        loads.push(key)
        return 'x'.repeat(size)
      })
    for (const key of ['a', 'b', 'c', 'd', 'e']) await read(key)
    await read('a')
    await read('f')
    expect(loads.splice(0)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    await read('a')
    await read('b')
    expect(loads.splice(0)).toEqual(['b'])
    await read('too large', 17_000_000)
    await read('too large', 17_000_000)
    await read('a')
    expect(loads).toEqual(['too large', 'too large'])
  })
})

describe('two nodes', () => {
  eachServerDatabase('on one database', fresh => {
    test('never remember what the other has changed before they were asked', async () => {
      const { DATABASE_URL = '', DATA_DIR = '' } = await fresh()
      const [one, two] = [
        await openDatabase(DATABASE_URL, DATA_DIR),
        await openDatabase(DATABASE_URL, DATA_DIR),
      ]
      const setting = reading(two)
      for (let times = 0; times < 20; times += 1) {
        await put(one, String(times))
        expect(await duringRequest(setting.read)).toEqual({ value: String(times) })
        expect(await duringRequest(setting.read)).toEqual({ value: String(times) })
      }
      expect(setting.loads).toBe(20)
      await one.destroy()
      await two.destroy()
    })

    test('that write to several tables in another order do not wait for each other in a circle', async () => {
      const { DATABASE_URL = '', DATA_DIR = '' } = await fresh()
      const db = await openDatabase(DATABASE_URL, DATA_DIR)
      const insert = (tx: Database, table: 'settings' | 'custom_phrases', n: number) =>
        table === 'settings'
          ? tx
              .insertInto('settings')
              .values({ key: `k${n}`, value: '' })
              .execute()
          : tx
              .insertInto('custom_phrases')
              .values({ language_tag: `t${n}`, id: '', translation: '{}' })
              .execute()
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          db.transaction().execute(async tx => {
            const tables = ['settings', 'custom_phrases'] as const
            for (const table of n % 2 ? tables : tables.toReversed()) await insert(tx as Database, table, n)
          }),
        ),
      )
      const rows = await db.selectFrom('settings').select('key').execute()
      expect(rows).toHaveLength(20)
      await db.destroy()
    })
  })
})
