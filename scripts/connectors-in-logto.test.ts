import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { type RunningSimulators, sampleSettings, startSimulators } from '@countersign/simulators'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildLogtoConnectors, SameIdError } from './build-logto-connectors.ts'
import { layLogto } from './logto-installation.ts'

/** What stands in for Logto's server: it takes the kit from where Logto has it, and a connector from a folder. */
const HOST = `
import { ConnectorError, validateConfig } from '@logto/connector-kit'
import { pathToFileURL } from 'node:url'
const { folder, config, data, template, trial } = JSON.parse(process.argv[2])
const { default: create } = await import(pathToFileURL(folder + '/lib/index.js').href)
const connector = await create({
  getConfig: async () => config,
  ...(template && { getI18nEmailTemplate: async (...asked) => (console.error(JSON.stringify({ asked })), template) }),
})
const outcome = await (async () => {
  validateConfig(config, connector.configGuard)
  await connector.sendMessage(data, trial ? config : undefined)
  return { sent: true }
})().catch(error => ({
  isHosts: error instanceof ConnectorError,
  code: error.code,
  message: error.message,
  data: error.data,
}))
console.log(JSON.stringify({ id: connector.metadata.id, ...outcome }))
`

type Cloud = keyof typeof sampleSettings
const CLOUDS = Object.keys(sampleSettings) as Cloud[]

let logto: ReturnType<typeof layLogto>
let simulators: RunningSimulators
beforeAll(async () => {
  logto = layLogto(HOST)
  simulators = await startSimulators({ ports: { site: 0 }, quiet: true })
  await buildLogtoConnectors(logto.connectors)
})
afterAll(async () => {
  await simulators.close()
  rmSync(logto.home, { recursive: true, force: true })
})

const folderOf = (cloud: Cloud, home = logto.connectors) => join(home, `connector-countersign-${cloud}`)

/** Lets a process like Logto's load a connector and send with it. Gives what it answers and what it writes to its log. */
async function send(
  cloud: Cloud,
  { config = {}, folder = folderOf(cloud), ...more }: Record<string, unknown> = {},
) {
  const request = {
    folder,
    config: {
      ...sampleSettings[cloud],
      endpoint: simulators.addresses.site,
      ...(config as object),
    },
    data: {
      to: cloud === 'aliyun-dm' ? 'ada@example.com' : '8613800138000',
      type: 'SignIn',
      payload: { code: '739152', locale: 'fr', application: { name: 'Acme & Co' } },
    },
    ...more,
  }
  const run = promisify(execFile)
  const { stdout, stderr } = await run(process.execPath, [logto.server, JSON.stringify(request)])
  return { ...JSON.parse(stdout), log: stderr }
}

const messages = () => simulators.clouds.inbox.messages()

describe.each(CLOUDS)('%s in the folder from which Logto loads its connectors', cloud => {
  beforeEach(() => simulators.clouds.control.reset())

  test("finds Logto's own kit through pnpm's links, and sends", async () => {
    expect(await send(cloud)).toMatchObject({ sent: true, log: '' })
    expect(messages()).toMatchObject([{ code: '739152' }])
  })

  test("fails with Logto's own error, in which a visitor reads nothing of the cloud", async () => {
    const config = { accessKeySecret: 'not-the-right-key' }
    const { log, ...answer } = await send(cloud, { config })
    expect(answer).toMatchObject({ isHosts: true, code: 'general' })
    expect(answer.data).toEqual({ errorDescription: expect.stringContaining('could not be sent') })
    expect(JSON.stringify(answer)).not.toMatch(/Signature|AccessKey|SecretKey|console|credentials/)
    expect(JSON.parse(log)).toMatchObject({
      event: 'message not sent',
      connector: cloud,
      failure: 'credentials_rejected',
      providerCode: expect.stringContaining('Signature'),
      remedy: expect.stringMatching(/console/),
    })
    expect(log).not.toMatch(/739152|ada@example|138001|not-the-right-key/)
  })

  test('tells whoever tries the same configuration out what is wrong and what to do', async () => {
    const config = { accessKeySecret: 'not-the-right-key' }
    const { data, log } = await send(cloud, { config, trial: true })
    expect(data).toMatchObject({
      failure: 'credentials_rejected',
      errorDescription: expect.stringMatching(/console/),
    })
    expect(log).toBe('')
  })

  test('is not loaded from the folder of the sources, where no kit is found', async () => {
    cpSync(folderOf(cloud), folderOf(cloud, logto.sources), { recursive: true })
    await expect(send(cloud, { folder: folderOf(cloud, logto.sources) })).rejects.toThrow(
      /Cannot find package '@logto\/connector-kit'/,
    )
  })
})

describe('a mail over Direct Mail in Logto', () => {
  beforeEach(() => simulators.clouds.control.reset())

  test("says what Logto's e-mail template says, under the name that it gives the sender", async () => {
    const template = {
      subject: 'Code pour {{application.name}}',
      content: '<p>Voici {{code}} pour {{application.name}}</p>',
      sendFrom: '{{application.name}} <elsewhere@example.com>',
    }
    const { sent, log } = await send('aliyun-dm', { template })
    expect(sent).toBe(true)
    expect(JSON.parse(log)).toEqual({ asked: ['SignIn', 'fr'] })
    expect(messages()).toMatchObject([
      {
        subject: 'Code pour Acme & Co',
        html: '<p>Voici 739152 pour Acme &amp; Co</p>',
        from: expect.stringContaining('Acme & Co'),
      },
    ])
  })
})

describe('building into a folder that Logto loads from', () => {
  /** A folder with a package that makes a connector of an id; as a link, its target. */
  const withPackage = (name: string, code: string) => {
    const folder = join(logto.home, `of-${name}`)
    const home = join(folder, name)
    mkdirSync(join(home, 'lib'), { recursive: true })
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: `@logto/${name}` }))
    writeFileSync(join(home, 'lib/index.js'), code)
    return folder
  }
  const OFFICIAL = "export default () => ({ metadata: { id: 'aliyun-direct-mail' } })"

  test('is refused over a package with an id of ours, which is named, and nothing is written', async () => {
    const folder = withPackage('connector-aliyun-dm', OFFICIAL)
    const error = await buildLogtoConnectors(folder).catch(error => error)
    expect(error).toBeInstanceOf(SameIdError)
    expect(error.message).toMatch(/connector-aliyun-dm \(@logto\/connector-aliyun-dm, aliyun-direct-mail\)/)
    expect(error.message).toMatch(/does not start.*--replace/s)
    expect(readdirSync(folder)).toEqual(['connector-aliyun-dm'])
  })

  test('takes its place when that is said, and of a link only the link goes', async () => {
    const folder = withPackage('connector-dm', OFFICIAL)
    const linked = withPackage('connector-linked', OFFICIAL.replace('direct-mail', 'short-message-service'))
    symlinkSync(join(linked, 'connector-linked'), join(folder, 'a-link'))
    const built = await buildLogtoConnectors(folder, { replace: true })
    expect(readdirSync(folder).sort()).toEqual(built.map(home => basename(home)).sort())
    expect(existsSync(join(linked, 'connector-linked/lib/index.js'))).toBe(true)
  })

  test('is done beside other connectors, and over an earlier build of ours', async () => {
    const folder = withPackage('connector-smtp', "export const id = 'simple-mail-transfer-protocol'")
    await buildLogtoConnectors(folder)
    const built = await buildLogtoConnectors(folder)
    expect(readdirSync(folder)).toHaveLength(built.length + 1)
  })
})
