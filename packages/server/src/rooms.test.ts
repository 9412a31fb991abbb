import { expect, test } from 'vitest'
import { ConfigError } from './config.ts'
import { eachServerDatabase } from './db/testing.ts'
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
