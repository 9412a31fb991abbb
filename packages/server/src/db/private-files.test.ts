import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { launch } from '../testing/launch.ts'
import { keepDataPrivate } from './private-files.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'countersign-private-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** Who may read what in a folder of data. */
const modesIn = (path: string) => ({
  folder: modeOf(path),
  files: Object.fromEntries(readdirSync(path).map(name => [name, modeOf(join(path, name))])),
})

const EXPECTED = {
  folder: '700',
  files: {
    'countersign.db': '600',
    'countersign.db-wal': '600',
    'countersign.db-shm': '600',
    'secret.key': '600',
  },
}

test('the data is its owner’s alone, in a new folder and in one that everybody could read', async () => {
  const fresh = join(folder(), 'data')
  await launch({ DATA_DIR: fresh, SECRET_KEY: '' })
  expect(modesIn(fresh)).toEqual(EXPECTED)

  const open = folder()
  chmodSync(open, 0o755)
  await launch({ DATA_DIR: open, SECRET_KEY: '' })
  expect(modesIn(open)).toEqual(EXPECTED)
})

test('data that everybody could read until now is taken from them at the next start', async () => {
  const data = folder()
  await launch({ DATA_DIR: data, SECRET_KEY: '' })
  for (const name of readdirSync(data)) chmodSync(join(data, name), 0o644)
  chmodSync(data, 0o755)
  await launch({ DATA_DIR: data, SECRET_KEY: '' })
  expect(modesIn(data)).toEqual(EXPECTED)
})

test('a folder that is shared by design, or where other things lie, stays so; the data in it does not', () => {
  const shared = join(folder(), 'shared')
  mkdirSync(shared)
  chmodSync(shared, 0o1777)
  keepDataPrivate(shared)
  expect(modeOf(shared)).toBe('1777')

  const home = join(folder(), 'home')
  mkdirSync(home)
  chmodSync(home, 0o755)
  for (const name of ['letters.txt', 'countersign.db']) writeFileSync(join(home, name), '', { mode: 0o644 })
  keepDataPrivate(home)
  expect(modesIn(home)).toEqual({ folder: '755', files: { 'letters.txt': '644', 'countersign.db': '600' } })

  const absent = join(home, 'absent')
  keepDataPrivate(absent)
  expect(existsSync(absent)).toBe(false)
})

test('where there is no folder of data, none is taken: not that in which the process runs', async () => {
  const before = modeOf('.')
  chmodSync('.', 0o755)
  onTestFinished(() => chmodSync('.', Number.parseInt(before, 8)))
  keepDataPrivate('')
  expect(modeOf('.')).toBe('755')
})
