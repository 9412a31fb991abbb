import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMoveIn } from '@countersign/server/move-in'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countersign, runHere } from './testing.ts'

/** Settings of an installation of its own for the running test, with its first keys. */
async function installation() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { DATA_DIR: folder }
  const here = await openMoveIn(env, { trial: false, write() {} })
  await here.configs.keys('private-keys')
  await here.close()
  return { env }
}

interface Key {
  id: string
  status: string
  createdAt: number
  effectiveAt: number
}

const keys = async (args: string[], surroundings: { env: Record<string, string> }) => {
  const { code, stdout } = await countersign(['keys', ...args, '--json'], surroundings)
  return { code, found: JSON.parse(stdout) as Key[] }
}

describe('keys', () => {
  it('lists, rotates and deletes them', async () => {
    const here = await installation()
    const { found } = await keys([], here)
    expect(found).toMatchObject([{ status: 'Current' }])
    const rotated = await keys(['rotate', '--grace', '60'], here)
    expect(rotated.code).toBe(0)
    expect(rotated.found).toMatchObject([{ status: 'Next' }, { id: found[0]!.id, status: 'Current' }])
    const [next] = rotated.found
    expect(next!.effectiveAt - next!.createdAt).toBe(60_000)
    const { stdout } = await countersign(['keys'], here)
    expect(stdout).toMatch(/Next {6}signs from 20.*\n.*Current {3}signed from 20/)
    expect(stdout).not.toMatch(/"?d"?:|eyJ/)
    const deleted = await keys(['delete', next!.id], here)
    expect(deleted.found).toEqual(found)
    const cookies = await keys(['rotate', '--type', 'cookie-keys'], here)
    expect(cookies.found).toMatchObject([{ status: 'Next' }, { status: 'Current' }])
  })

  it('changes the algorithm of everybody, and keeps it at the next rotation', async () => {
    const here = await installation()
    const { found } = await keys(['rotate', '--algorithm', 'RSA'], here)
    expect(found).toMatchObject([
      { status: 'Next', signingKeyAlgorithm: 'RSA' },
      { status: 'Current', signingKeyAlgorithm: 'EC' },
    ])
    const { stdout } = await countersign(['keys'], here)
    expect(stdout).toMatch(/Next .* RSA\n.*Current .* EC\n/)
    const again = await keys(['rotate'], here)
    expect(again.found).toMatchObject([{ signingKeyAlgorithm: 'RSA' }, { signingKeyAlgorithm: 'EC' }])
  })

  it('says what is wrong, and leaves the keys as they are', async () => {
    const here = await installation()
    const [current] = (await keys([], here)).found
    const refused: [string[], RegExp][] = [
      [['delete', current!.id], /key in use cannot be deleted/],
      [['delete', 'unknown'], /no such key/],
      [['delete'], /id stands behind delete/],
      [['list', 'x'], /id stands behind delete/],
      [['turn'], /keys rotate/],
      [['rotate', '--grace', 'soon'], /--grace must be a whole number/],
      [['rotate', '--type', 'public'], /--type must be private-keys, cookie-keys or vault/],
      [['--grace', '5'], /--grace is for/],
      [['rotate', '--algorithm', 'HS256'], /--algorithm must be EC or RSA/],
      [['--algorithm', 'RSA'], /--algorithm is for/],
      [['rotate', '--type', 'cookie-keys', '--algorithm', 'RSA'], /--algorithm is for/],
    ]
    for (const [args, words] of refused) {
      const { code, stderr } = await countersign(['keys', ...args], here)
      expect({ args, code }).toEqual({ args, code: 2 })
      expect(stderr).toMatch(words)
    }
    expect((await keys([], here)).found).toEqual([current])
  })

  it('makes no installation where there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const { code, stderr } = await countersign(['keys', 'rotate'], {
      env: { DATA_DIR: join(folder, 'none') },
    })
    expect(code).toBe(4)
    expect(stderr).toContain('There is no installation')
  })

  it('says which setting to look at when the database cannot be opened', async () => {
    const { code, stderr } = await countersign(['keys'], {
      env: { ...(await installation()).env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    })
    expect(code).toBe(4)
    // What the server would say itself.
    expect(stderr).toMatch(
      /^PostgreSQL 127\.0\.0\.1:1\/none cannot be opened: connect ECONNREFUSED 127\.0\.0\.1:1\. .*correct host and port in DATABASE_URL\.\n$/,
    )
  })

  it('of the vault are named by their ids, and what another has encrypted is encrypted anew', async () => {
    const { env } = await installation()
    const VAULT_KEYS = 'ab'.repeat(32)
    const id = expect.stringMatching(/^[\da-f]{16}$/)
    const vault = ['--type', 'vault']
    expect(await runHere('keys', vault, { ...env, VAULT_KEYS: `own,${VAULT_KEYS}` })).toEqual({
      code: 0,
      value: [
        { id: 'own', status: 'Current', sealed: 2 },
        { id, status: 'Accepted', sealed: 0 },
      ],
    })
    expect(await runHere('keys', ['rotate', ...vault], { ...env, VAULT_KEYS })).toEqual({
      code: 0,
      value: {
        resealed: 2,
        unopened: 0,
        keys: [
          { id, status: 'Current', sealed: 2 },
          { id: 'own', status: 'Accepted', sealed: 0 },
        ],
      },
    })
    expect(await runHere('keys', ['rotate'], env)).toMatchObject({
      code: 4,
      value: { error: { message: expect.stringContaining('VAULT_KEYS lacks one') } },
    })
    expect(await runHere('keys', ['delete', 'own', ...vault], env)).toMatchObject({ code: 2 })
  })

  it('are not made with a secret that nobody keeps, where there are tables and no server has run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-keys-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const env = { DATA_DIR: folder }
    expect(await runHere('migrate', [], env)).toMatchObject({ code: 0 })
    for (const command of ['keys', 'operators'])
      expect(await runHere(command, [], env)).toMatchObject({
        code: 4,
        value: {
          error: { message: expect.stringMatching(/^No server has run on SQLite .*Start one first/) },
        },
      })
    // So a server can begin there, with a secret of its own.
    await (await openMoveIn(env, { trial: false, write() {} })).close()
    expect(await runHere('keys', [], env)).toMatchObject({ code: 0, value: [{ status: 'Current' }] })
  })
})
