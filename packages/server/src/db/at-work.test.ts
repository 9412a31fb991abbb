import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isOpenElsewhere, sessionsBeside } from './at-work.ts'
import { openDatabase } from './database.ts'
import { eachServerDatabase } from './testing.ts'

eachServerDatabase('a database', fresh => {
  test('says whether anybody else of ours has it open, at rest too', async () => {
    const { DATABASE_URL = '', DATA_DIR = '' } = await fresh()
    const open = () => openDatabase(DATABASE_URL, DATA_DIR)
    if (DATABASE_URL === '') {
      const file = join(DATA_DIR, 'countersign.db')
      expect(isOpenElsewhere(`${file}.none`)).toBe(false)
      expect(isOpenElsewhere(file)).toBe(false)
      const server = await open()
      expect(isOpenElsewhere(file)).toBe(true)
      await server.destroy()
      expect(isOpenElsewhere(file)).toBe(false)
    } else {
      const command = await openDatabase(DATABASE_URL, '', { patient: true, asItIs: true })
      expect(await sessionsBeside(command)).toEqual([])
      const server = await open()
      expect(await sessionsBeside(command)).not.toEqual([])
      await server.destroy()
      await command.destroy()
    }
  })
})
