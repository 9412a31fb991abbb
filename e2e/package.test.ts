import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createBrowser } from '../packages/cli/src/browser.ts'
import { COMMANDS } from '../packages/cli/src/commands/table.ts'
import { createManagement } from '../packages/cli/src/management.ts'
import { newInstallation, removeInstallation, startProduct } from '../packages/cli/src/product.ts'
import { buildConsole } from '../scripts/build-console.ts'
import { buildProduct } from '../scripts/build-product.ts'

const run = promisify(execFile)

/** What somebody gets who installs the package: an empty folder with the tarball installed into it. */
let folder: string
let home: string
let command: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-package-'))
  await buildConsole()
  await buildProduct(join(folder, 'built'))
  const { stdout } = await run('npm', ['pack', '--pack-destination', folder], { cwd: join(folder, 'built') })
  rmSync(join(folder, 'built'), { recursive: true })
  const empty = join(folder, 'empty')
  mkdirSync(empty)
  writeFileSync(join(empty, 'package.json'), '{}')
  const tarball = join(folder, stdout.trim().split('\n').at(-1)!)
  // Offline: whatever it asked for beside itself, or had to compile, would end this here.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: empty })
  home = join(empty, 'node_modules/countersign')
  command = join(empty, 'node_modules/.bin/countersign')
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const filesBelow = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())

it('installs as one package of a few megabytes, which runs nothing when it is installed', () => {
  const { packages } = JSON.parse(readFileSync(join(home, '../.package-lock.json'), 'utf8'))
  expect(Object.keys(packages)).toEqual(['node_modules/countersign'])
  expect(packages['node_modules/countersign'].hasInstallScript).toBeUndefined()
  const files = filesBelow(home)
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  expect(bytes).toBeLessThan(15e6)
  expect(files.filter(({ name }) => /\.tsx?$|\.node$|\.test\./.test(name))).toEqual([])
  const named = files
    .filter(({ name }) => name.endsWith('.js'))
    .flatMap(
      ({ parentPath, name }) =>
        readFileSync(join(parentPath, name), 'utf8').match(/\b(?:docs|packages)\/[\w/-]+\.md\b/g) ?? [],
    )
  expect(named).toContain('docs/import.md')
  expect([...new Set(named)].filter(file => !existsSync(join(home, file)))).toEqual([])
  expect(readFileSync(join(home, 'THIRD-PARTY.md'), 'utf8')).toMatch(/^## oidc-provider \d/m)
  expect(readFileSync(join(home, 'THIRD-PARTY.md'), 'utf8')).toMatch(/^## react \d/m)
})

it('knows its version and helps with every command', async () => {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  expect((await run(command, ['--version'])).stdout).toBe(`${version}\n`)
  const helps = COMMANDS.map(({ name }) => run(command, [name, '--help']))
  for (const [index, { stdout, stderr }] of (await Promise.all(helps)).entries()) {
    expect(stdout).toContain(`countersign ${COMMANDS[index]!.name}`)
    expect(stderr).toBe('')
  }
}, 120_000)

it('starts, shows its pages and the console, and has what it seldom needs', async () => {
  const installation = await newInstallation()
  onTestFinished(() => removeInstallation(installation))
  const product = await startProduct(installation, [join(home, 'bin/countersign.cjs'), 'start'])
  onTestFinished(() => product.stop())
  const manage = await createManagement(product)

  const console = await fetch(product.consoleUrl)
  const [, script] = /src="([^"]+\.js)"/.exec(await console.text()) ?? []
  expect((await fetch(`${product.consoleUrl}${script}`)).status).toBe(200)
  const factories = await manage<{ id: string; readme: string }[]>('GET', '/api/connector-factories')
  expect(factories.body.map(({ readme }) => readme.length > 500)).toEqual(factories.body.map(() => true))

  const { page } = await createBrowser().follow(`${product.demoUrl}/sign-in`)
  const html = await page!.text()
  const [, style] = /href="(\/assets\/sign-in\.[^"]+\.css)"/.exec(html) ?? []
  expect((await fetch(`${product.endpoint}${style}`)).status).toBe(200)

  // Common passwords, bcrypt's thread and public suffixes are files of their own.
  const { body: user } = await manage('POST', '/api/users', {
    username: 'mei',
    passwordAlgorithm: 'Bcrypt',
    passwordDigest: '$2b$04$abcdefghijklmnopqrstuu3HfbCZOWzZ6a0yqYJUkEG4VyZ2jGzWm',
  })
  const common = await manage('POST', '/api/sign-in-exp/default/check-password', {
    password: 'Football1',
    userId: user.id,
  })
  expect(common.body).toMatchObject({ result: false, issues: [{ code: 'password_rejected.pwned' }] })
  const wrong = await manage('POST', `/api/users/${user.id}/password/verify`, { password: 'not this' })
  expect(wrong.body.code).toBe('session.invalid_credentials')
  const open = await manage('POST', '/api/applications', {
    name: 'Shop',
    type: 'SPA',
    oidcClientMetadata: { redirectUris: ['https://*.co.uk/callback'], postLogoutRedirectUris: [] },
  })
  expect(open.status).toBe(400)
}, 120_000)

it('says what an older Node lacks, and what helps who has installed it', async () => {
  const pretence = join(folder, 'pretence.cjs')
  writeFileSync(pretence, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })")
  const failed = run(process.execPath, ['--require', pretence, command, 'start'])
  await expect(failed).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^This is Node 20\.20\.2; Countersign needs 24,[\s\S]*npm install node@24/),
  })
})
