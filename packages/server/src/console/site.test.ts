import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { baseApp } from '../http/app.ts'
import { testWorld } from '../testing/world.ts'
import { mountConsoleSite } from './site.ts'

/** A built console in a folder of its own, with a secret beside it. */
function setUp() {
  const root = mkdtempSync(join(tmpdir(), 'countersign-site-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const folder = join(root, 'dist')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  mkdirSync(join(root, 'dist-other'))
  writeFileSync(join(folder, 'index.html'), '<title>Console</title>')
  writeFileSync(join(folder, 'assets', 'main-1.js'), 'run()')
  writeFileSync(join(root, 'secret.json'), '"secret"')
  writeFileSync(join(root, 'dist-other', 'secret.json'), '"secret"')
  const app = baseApp(testWorld())
  mountConsoleSite(app, folder)
  return { app, root }
}

test('a path that is no file is the application', async () => {
  const { app } = setUp()
  for (const path of ['/', '/connectors/aliyun-sms', '/users?page=2', '/%E0%A4%A', '/a%00b.js']) {
    const answer = await app.request(path)
    expect([answer.status, await answer.text()], path).toEqual([200, '<title>Console</title>'])
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  }
})

test('assets are served for ever, missing ones not at all', async () => {
  const { app } = setUp()
  const found = await app.request('/assets/main-1.js')
  expect([found.status, await found.text()]).toEqual([200, 'run()'])
  expect(found.headers.get('content-type')).toContain('text/javascript')
  expect(found.headers.get('cache-control')).toContain('immutable')
  expect((await app.request('/assets/main-2.js')).status).toBe(404)
  expect((await app.request('/api/nothing')).status).toBe(404)
})

test('what is long comes compressed, to operators who are signed in too, and is not sent twice', async () => {
  const { app, root } = setUp()
  const script = 'run();'.repeat(1000)
  writeFileSync(join(root, 'dist', 'assets', 'long-1.js'), script)
  writeFileSync(join(root, 'dist', 'assets', 'font-1.woff2'), script)
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(path, {
      headers: { 'accept-encoding': 'gzip, br', cookie: 'countersign_operator=x', ...headers },
    })
  const packed = await get('/assets/long-1.js')
  expect(packed.headers.get('content-encoding')).toBe('br')
  expect(brotliDecompressSync(await packed.arrayBuffer()).toString()).toBe(script)
  expect((await get('/assets/font-1.woff2')).headers.get('content-encoding')).toBeNull()
  const page = await get('/')
  const again = await get('/', { 'if-none-match': page.headers.get('etag')! })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('nothing outside the folder is served', async () => {
  const { app } = setUp()
  for (const path of [
    '/../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/%2e%2e%2fsecret.json',
    '/assets/..%2f..%2fsecret.json',
    '/..%2fdist-other%2fsecret.json',
    '/..%5csecret.json',
    '//etc/passwd',
  ]) {
    const answer = await app.request(path)
    expect(await answer.text(), path).not.toContain('secret"')
  }
})

test('a console that is not built says how to build it', async () => {
  const { app, root } = setUp()
  rmSync(join(root, 'dist', 'index.html'))
  const answer = await app.request('/')
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('npm run build')
})

test('a console that is there but cannot be read is a fault, and not called unbuilt', async () => {
  const { app, root } = setUp()
  const page = join(root, 'dist', 'index.html')
  rmSync(page)
  expect((await app.request('/')).status).toBe(503)
  // A link that leads to itself; what may not be read would be no obstacle to root.
  symlinkSync(page, page)
  expect((await app.request('/')).status).toBe(500)
})
