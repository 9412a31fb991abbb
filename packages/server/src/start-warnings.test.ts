import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { eachDatabase } from './db/testing.ts'
import { watchClock } from './http/cloud-clock.ts'
import { clockText, networkFileSystem, startWarnings } from './start-warnings.ts'

const SECRET_KEY = '11'.repeat(32)

const codes = async (...of: Parameters<typeof startWarnings>) =>
  (await startWarnings(...of)).map(({ code }) => code)

eachDatabase('a start', openFresh => {
  test('warns of what will hurt, each with its remedy, and of nothing else', async () => {
    const db = await openFresh()
    const folder = mkdtempSync(join(tmpdir(), 'countersign-warnings-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const settings = (more: Record<string, string>) => readConfig({ DATA_DIR: folder, ...more })
    const real = { CLOUDS: 'real', SECRET_KEY }
    const now = Date.now
    expect(await codes(settings({}), db, now)).toEqual([])
    expect(await codes(settings({ ...real, ENDPOINT: 'https://sign-in.example.com' }), db, now)).toEqual([])
    expect(await codes(settings(real), db, now)).toEqual(['local_endpoint'])
    const plain = settings({ ...real, ENDPOINT: 'http://sign-in.example.com' })
    expect(await codes(plain, db, now)).toEqual(['plain_endpoint'])
    expect((await startWarnings(plain, db, now))[0]?.text).toMatch(/http:\/\/sign-in\.example\.com.*TLS/)

    const file = join(folder, 'secret.key')
    writeFileSync(file, SECRET_KEY)
    chmodSync(file, 0o640)
    expect(await codes(settings({}), db, now)).toEqual(['readable_secret'])
    expect(await codes(settings({ SECRET_KEY }), db, now)).toEqual([])
    chmodSync(file, 0o600)
    expect(await codes(settings({}), db, now)).toEqual([])
  })
})

eachDatabase('a clock', openFresh => {
  test('may differ from that of PostgreSQL by a minute', async () => {
    const db = await openFresh()
    const config = readConfig({ SECRET_KEY, DATA_DIR: tmpdir() })
    const isPostgres = (await codes(config, db, () => Date.now() - 3_600_000)).length > 0
    expect(await codes(config, db, () => Date.now() - 30_000)).toEqual([])
    for (const off of [-90_000, 90_000])
      expect(await codes(config, db, () => Date.now() + off)).toEqual(isPostgres ? ['clock_off'] : [])
  })
})

test('the clock of a cloud is compared with ours, and one that differs is told of once', async () => {
  const told: [number, string][] = []
  let header: Record<string, string> = {}
  const headers = { get: (name: string) => header[name] ?? null }
  const fetch = watchClock(
    {
      fetch: async () => ({ status: 200, headers, body: (async function* () {})() }) as never,
      now: () => Date.parse('2026-11-30T12:00:00Z'),
    },
    { most: 60_000, tell: (off, host) => void told.push([off, host]) },
  )
  const ask = () =>
    fetch('https://dysmsapi.aliyuncs.com/?x=1', {
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(1000),
    })
  for (header of [
    {},
    { date: 'soon' },
    { date: 'Mon, 30 Nov 2026 12:00:59 GMT' },
    { date: 'Mon, 30 Nov 2026 13:00:00 GMT', age: '3600' },
  ])
    await ask()
  expect(told).toEqual([])
  header = { date: 'Mon, 30 Nov 2026 12:02:00 GMT' }
  await ask()
  await ask()
  expect(told).toEqual([[120_000, 'dysmsapi.aliyuncs.com']])
  expect(clockText('dysmsapi.aliyuncs.com', 120_000)).toContain(
    '120 seconds behind that of dysmsapi.aliyuncs.com',
  )
})

test('the file system of this machine is none of another one', async () => {
  expect(await networkFileSystem(tmpdir())).toBeUndefined()
})
