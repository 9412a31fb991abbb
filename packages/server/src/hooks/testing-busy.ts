import { randomBytes } from 'node:crypto'
import { openDatabase } from '../db/database.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import { createUsers } from '../users/users.ts'
import { createHooks } from './hooks.ts'

// A process that makes users, several at once, and says a character for each, until somebody kills it.

const { DATABASE_URL = '', DATA_DIR = '' } = process.env
const db = await openDatabase(DATABASE_URL, DATA_DIR)
const world = testWorld()
const users = createUsers(db, world)
const hooks = createHooks(db, testKeys, world, { fetch: world.fetch })

async function makeUsers(): Promise<never> {
  for (;;) {
    const username = `u${randomBytes(8).toString('hex')}`
    const along = await hooks.telling<{ id: string }>('User.Created', () => user => ({
      data: { id: user.id },
    }))
    await users.create({ username }, along)
    process.stdout.write('.')
  }
}

await Promise.all([makeUsers(), makeUsers(), makeUsers()])
