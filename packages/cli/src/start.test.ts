import { readdirSync, readFileSync } from 'node:fs'
import { THREADS } from '@countersign/server/threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newInstallation, removeInstallation } from './product.ts'
import { countersign } from './testing.ts'

/** Starts a server for the real clouds, and says which of this machine's addresses answered at its two ports. */
async function reach(settings: Record<string, string> = {}) {
  const installation = await newInstallation()
  onTestFinished(() => removeInstallation(installation))
  const { ports, dataDir } = installation
  const answers = async (host: string, port: number) =>
    fetch(`http://${host}:${port}/api/status`).then(
      ({ status }) => status === 204,
      () => false,
    )
  const reached = { console: [] as string[], public: [] as string[] }
  let threads: string[] = []
  const { stdout, code } = await countersign(['start'], {
    env: {
      CLOUDS: 'real',
      PORT: String(ports.public),
      ADMIN_PORT: String(ports.console),
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      ...settings,
    },
    async watch(printed, pid) {
      if (!printed.includes('Sign-in and API')) return undefined
      // The second stands for whatever else this machine is called.
      for (const host of ['127.0.0.1', '127.0.0.2']) {
        if (await answers(host, ports.console)) reached.console.push(host)
        if (await answers(host, ports.public)) reached.public.push(host)
      }
      // Reading the console's page has taken one, which makes all of them.
      await fetch(`http://127.0.0.1:${ports.console}/`)
      const tasks = `/proc/${pid}/task`
      threads = readdirSync(tasks).map(task => readFileSync(`${tasks}/${task}/comm`, 'utf8').trim())
      return 'SIGTERM'
    },
  })
  expect(code).toBe(0)
  return { stdout, reached, threads: threads.filter(name => name === 'libuv-worker').length }
}

describe.runIf(process.platform === 'linux')('the console', () => {
  it('listens on loopback with real clouds, and says so', async () => {
    const { stdout, reached } = await reach()
    expect(reached.console).toEqual(['127.0.0.1'])
    expect(reached.public).toEqual(['127.0.0.1', '127.0.0.2'])
    expect(stdout).toMatch(/The console listens on 127\.0\.0\.1:\d+, for this machine alone\./)
  }, 120_000)

  it('does not follow HOST, which is the public port’s', async () => {
    const { reached, threads } = await reach({ HOST: '0.0.0.0' })
    expect(reached.console).toEqual(['127.0.0.1'])
    // Whichever way it is started, it has as many threads.
    expect(threads).toBe(Number(THREADS))
  }, 120_000)

  it('listens where ADMIN_HOST says, and says so', async () => {
    const { stdout, reached } = await reach({ ADMIN_HOST: '0.0.0.0' })
    expect(reached.console).toEqual(['127.0.0.1', '127.0.0.2'])
    expect(stdout).toMatch(/0\.0\.0\.0:\d+, as ADMIN_HOST says\. Keep this port off the public network\./)
  }, 120_000)
})
