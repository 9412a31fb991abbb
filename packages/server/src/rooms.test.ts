import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { openDatabase } from './db/database.ts'
import { eachServerDatabase } from './db/testing.ts'
import { ownSecret } from './own-secret.ts'
import { launch } from './testing/launch.ts'
import { errorOf } from './testing/world.ts'

eachServerDatabase('a server', fresh => {
  test('does not start with another key than its database was begun with, and says which setting that is', async () => {
    const database = await fresh({ tables: false })
    await launch({ ...database, SECRET_KEY: '11'.repeat(32) })
    const error = await errorOf(launch({ ...database, SECRET_KEY: '22'.repeat(32) }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toContain('SECRET_KEY')
    expect(error.message).not.toMatch(/11111|22222/)
    await launch({ ...database, SECRET_KEY: '11'.repeat(32) })
  })
})

test('the secret of a database is known by its id, also where a key of VAULT_KEYS opens all that is sealed', async () => {
  const db = await openDatabase('sqlite::memory:', '')
  onTestFinished(() => db.destroy())
  const secretOf = (digits: string, trial = false) =>
    ownSecret(readConfig({ SECRET_KEY: digits.repeat(32), VAULT_KEYS: 'ab'.repeat(32) }), db, {
      trial,
      random: size => new Uint8Array(size),
    })
  await secretOf('22', true)
  // Of two that begin the database at once, the second one is told.
  const [first, second] = await Promise.allSettled([secretOf('11'), secretOf('33')])
  expect([first.status, second.status]).toEqual(['fulfilled', 'rejected'])
  await expect(secretOf('22')).rejects.toThrow(ConfigError)
  expect(await secretOf('11')).toEqual(Buffer.alloc(32, 0x11))
})
