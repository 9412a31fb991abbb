import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMoveIn } from '@countersign/server/move-in'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countersign, runHere } from './testing.ts'

describe('backup and restore', () => {
  it('ask for the key that the backup needs, put it back once, and keep the passphrase to themselves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const [from, into, file, words] = ['from', 'into', 'a.backup', 'words'].map(name => join(folder, name))
    const here = await openMoveIn({ DATA_DIR: from }, { trial: false, write() {} })
    const ada = await here.users.create({ username: 'ada', primaryPhone: '8613800138000' })
    await here.close()
    writeFileSync(words!, 'five small words of mine\n')
    const given = [file!, '--passphrase-file', words!]

    const backup = await runHere('backup', given, { DATA_DIR: from! })
    expect(backup).toMatchObject({ code: 0, value: { file, keyId: expect.stringMatching(/^[\da-f]{16}$/) } })
    expect(readFileSync(file!).includes('ada')).toBe(false)
    expect(await runHere('backup', given, { DATA_DIR: from! })).toMatchObject({
      code: 2,
      value: { error: { message: expect.stringContaining('no backup is written over') } },
    })

    const env = { DATA_DIR: into! }
    const { keyId, rows, tables } = backup.value
    const keyless = await runHere('restore', given, env)
    expect(keyless).toMatchObject({ code: 4, value: { error: { keyId, keyHere: null } } })
    const SECRET_KEY = readFileSync(join(from!, 'secret.key'), 'utf8').trim()
    const restored = await runHere('restore', given, { ...env, SECRET_KEY })
    expect(restored).toMatchObject({
      code: 0,
      value: { keyId, rows, tables, of: 'SQLite', migrationsRun: [] },
    })
    const there = await openMoveIn({ ...env, SECRET_KEY }, { trial: false, write() {} })
    expect(await there.users.get(ada.id)).toMatchObject({ username: 'ada' })
    const forced = () => runHere('restore', [...given, '--force'], { ...env, SECRET_KEY })
    expect(await forced()).toMatchObject({
      code: 1,
      value: { error: { problem: 'running', message: expect.stringContaining('Stop the server') } },
    })
    await there.close()
    expect(await forced()).toMatchObject({ code: 0, value: { rows } })

    const other = { env: { ...env, SECRET_KEY, BACKUP_PASSPHRASE: 'five other words of mine' } }
    const wrong = await countersign(['restore', file!, '--lang', 'zh-CN'], other)
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('口令不正确') })
    expect(wrong.stderr + wrong.stdout).not.toContain('other words')
  }, 120_000)
})

describe('migrate', () => {
  it('says what is due and makes nothing, then makes all tables, and finds nothing left to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-migrate-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const env = { DATA_DIR: join(folder, 'data') }
    const { code, value } = await runHere('migrate', ['--dry-run'], env)
    expect({ code, value }).toMatchObject({ code: 1, value: { dryRun: true, done: [] } })
    expect(existsSync(join(env.DATA_DIR, 'countersign.db'))).toBe(false)
    const { due } = value
    expect(await runHere('migrate', [], env)).toMatchObject({
      code: 0,
      value: { done: [], run: due },
    })
    expect(await runHere('migrate', [], env)).toMatchObject({
      code: 0,
      value: { done: due, run: [] },
    })
  })
})
