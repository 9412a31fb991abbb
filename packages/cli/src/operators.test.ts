import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMoveIn } from '@countersign/server/move-in'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newInstallation, removeInstallation, startProduct } from './product.ts'
import { countersign, countersignJson } from './testing.ts'

const PASSWORD = 'anemone-quartz'

/** Settings of an installation of its own for the running test, without operators. */
async function installation() {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-operators-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { DATA_DIR: folder, ADMIN_ENDPOINT: 'https://console.example.com' }
  const open = () => openMoveIn(env, { trial: false, write() {} })
  await (await open()).close()
  return { env, open }
}

describe('operators', () => {
  it('are let back in beside a running server: password, sessions and blocks end, and the link sets a password', async () => {
    const product = await startProduct(await newInstallation())
    onTestFinished(async () => {
      await product.stop()
      await removeInstallation(product.installation)
    })
    const { consoleUrl, installation } = product
    const { dataDir, ports } = installation
    const post = (path: string, body: object, cookie = '') =>
      fetch(`${consoleUrl}/api/console/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify(body),
      })
    const isIn = async (answer: Response) => {
      const cookie = answer.headers
        .getSetCookie()
        .map(each => each.split(';')[0])
        .join('; ')
      return async () =>
        (await fetch(`${consoleUrl}/api/console/operators`, { headers: { cookie } })).status === 200
    }
    const token = new URL(product.firstLink!).hash.slice('#token='.length)
    const ada = await isIn(await post('first-operator', { token, name: 'Ada', password: PASSWORD }))
    expect(await ada()).toBe(true)
    const signIn = (password: string) => post('session', { name: 'Ada', password })
    for (let guess = 0; guess < 10; guess += 1) await signIn(`guess ${guess}`)
    expect((await signIn(PASSWORD)).status).toBe(400)

    const env = { DATA_DIR: dataDir, ADMIN_PORT: String(ports.console) }
    const { code, stdout } = await countersign(['operators', 'reset', 'ADA'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^Ada sets a new password with this link, once, until 20.*\n.*\n.*sessions of Ada have ended\.\n$/,
    )
    const link = new URL(/http\S+/.exec(stdout)![0])
    expect(`${link.origin}${link.pathname}`).toBe(`${consoleUrl}/set-password`)
    expect(await ada()).toBe(false)
    expect((await signIn(PASSWORD)).status).toBe(422)
    const set = { token: link.hash.slice('#token='.length), password: 'quartz-anemone' }
    const again = await isIn(await post('link/password', set))
    expect(await again()).toBe(true)
    expect((await post('link/password', set)).status).toBe(403)
    expect((await signIn('quartz-anemone')).status).toBe(204)
    const { stdout: listed } = await countersign(['operators'], { env })
    expect(listed).toMatch(/^ *Ada +signed in last 20\S+Z\n$/)
  }, 120_000)

  it('are listed and reset as JSON, and the audit log says who was reset, and how', async () => {
    const { env, open } = await installation()
    expect(await countersignJson(['operators'], { env })).toEqual({ code: 0, value: [] })
    let here = await open()
    await here.operators.createFirst((await here.operators.firstLink())!, 'Ada', PASSWORD)
    await here.close()
    const { value } = await countersignJson(['operators'], { env })
    expect(value).toEqual([
      {
        id: expect.any(String),
        name: 'Ada',
        state: 'active',
        createdAt: expect.any(Number),
        lastSignInAt: expect.any(Number),
        linkEndsAt: null,
      },
    ])
    const added = await countersignJson(['operators', 'add', 'Grace'], { env })
    expect(added).toMatchObject({
      code: 0,
      value: { name: 'Grace', link: expect.stringMatching(/set-password#token=\w{32}$/) },
    })
    const reset = await countersignJson(['operators', 'reset', 'Ada'], { env })
    expect(reset).toEqual({
      code: 0,
      value: {
        name: 'Ada',
        link: expect.stringMatching(/^https:\/\/console\.example\.com\/set-password#token=\w{32}$/),
        expiresAt: expect.any(Number),
      },
    })
    here = await open()
    const { logs } = await here.audit.list(
      { key: 'Action.ResetOperator' },
      { size: 9, offset: 0, cap: false },
    )
    expect(logs.map(each => each.payload)).toEqual([
      expect.objectContaining({ by: 'command line', operator: { id: value[0].id, name: 'Ada' } }),
    ])
    await here.close()
  }, 120_000)

  it('says what is wrong', async () => {
    const { env } = await installation()
    const refused: [string[], RegExp][] = [
      [['reset', 'Ada'], /no operator of this name/],
      [['reset'], /name stands behind add and reset/],
      [['list', 'Ada'], /name stands behind add and reset/],
      [['remove', 'Ada'], /operators reset <name>/],
    ]
    for (const [args, words] of refused) {
      const { code, stderr } = await countersign(['operators', ...args], { env })
      expect({ args, code }).toEqual({ args, code: 2 })
      expect(stderr).toMatch(words)
    }
    expect((await countersign(['operators'], { env })).stdout).toContain('There is no operator yet.')
    const none = await countersign(['operators'], { env: { DATA_DIR: join(env.DATA_DIR, 'none') } })
    expect(none.code).toBe(4)
  })
})
