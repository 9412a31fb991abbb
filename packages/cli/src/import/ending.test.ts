import { contentsOf } from '@countersign/server/testing/contents'
import { eachServerDatabase } from '@countersign/server/testing/database'
import { ADMIN, launch } from '@countersign/server/testing/launch'
import { expect, it } from 'vitest'
import { countersign, type Ended } from '../testing.ts'
import { call, type Front, fill, KEY, openFront } from './testing.ts'

const command = (
  front: Front,
  env: Record<string, string>,
  watch?: (stdout: string) => Promise<NodeJS.Signals | undefined>,
) =>
  countersign(['import', '--from', front.endpoint, '--client-id', ADMIN.id], {
    env: { ...KEY, ...env, LOGTO_CLIENT_SECRET: ADMIN.secret },
    ...(watch && { watch }),
  })

eachServerDatabase('an import that does not come to its end', fresh => {
  it('at Ctrl-C tells what it had done, and the next one goes on', async () => {
    const source = await launch()
    await fill(source)
    const front = await openFront(source)
    const env = await fresh()
    // Nobody answers the questions for single users.
    front.instead = path => path.startsWith('/api/users/')
    const { code, stdout, stderr } = await command(front, env, async text =>
      text.includes('Sign-in settings') ? 'SIGINT' : undefined,
    )
    expect(code).toBe(130)
    expect(stdout).toMatch(/Applications +6 imported.*Sign-in settings.*Users +none/s)
    expect(stderr).toContain('goes on where it stopped')
    delete front.instead
    expect(await command(front, env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Applications +6 the same already.*Users +10 imported/s),
    })
  })

  it('as another one runs says so, and writes nothing', async () => {
    const source = await launch()
    await call(source, 'POST', '/api/users', { username: 'lin' })
    const front = await openFront(source)
    const env = await fresh()
    let second: Promise<Ended> | undefined
    front.instead = (path, _, response) => {
      if (second || !path.startsWith('/api/connectors')) return false
      second = command(front, env)
      void second.finally(() => response.writeHead(200).end('[]'))
      return true
    }
    expect(await command(front, env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 imported'),
    })
    expect(await second).toMatchObject({ code: 1, stderr: expect.stringContaining('Another import runs') })
    expect((await contentsOf(env)).users).toHaveLength(1)
    expect(await command(front, env)).toMatchObject({ code: 0 })
  })
})
