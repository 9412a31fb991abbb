import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'

/**
 * The server of a checkout, with a provider that accepts at once and tells the load generator the code. It answers
 * `{ users: [first, count] }` when those users are made, and `{}` with the seconds of CPU that it has used so far.
 */
const [, , tree, folder, databaseUrl] = process.argv as [string, string, string, string, string]
/** Of that checkout, whose types are those of this one as far as they are used here. */
const load = (path: string) => import(pathToFileURL(`${tree}/${path}`).href)
const { createApp } = (await load(
  'packages/server/src/app.ts',
)) as typeof import('../../packages/server/src/app.ts')
const { readConfig } = (await load(
  'packages/server/src/config.ts',
)) as typeof import('../../packages/server/src/config.ts')
const { realWorld } = (await load(
  'packages/server/src/world.ts',
)) as typeof import('../../packages/server/src/world.ts')
const { aliyunSms } = (await load(
  'packages/connectors/src/index.ts',
)) as typeof import('../../packages/connectors/src/index.ts')
const { SETTINGS } = await import('../connectors/senders.ts')

const CALLBACK = 'https://app.example.com/callback'

let handle: Awaited<ReturnType<typeof createApp>>['publicHandler'] | undefined
const server = createServer((request, response) => handle?.(request, response))
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const accepted = Buffer.from(
  '{"Message":"OK","RequestId":"0A974B78","Code":"OK","BizId":"873409715350483226^0"}',
)
const world = realWorld(
  async url => {
    const query = new URL(url).searchParams
    const { code } = JSON.parse(query.get('TemplateParam')!)
    process.send!({ to: query.get('PhoneNumbers'), code })
    const body = {
      async *[Symbol.asyncIterator]() {
        yield accepted
      },
    }
    return { status: 200, headers: { get: () => null }, body }
  },
  line => void process.stderr.write(`${line}\n`),
)
const app = await createApp(
  readConfig({ CLOUDS: 'real', DATA_DIR: folder, DATABASE_URL: databaseUrl, ENDPOINT: origin }),
  world,
)
await app.connections.save({ connector: aliyunSms as never, config: SETTINGS['aliyun-sms'] })
await app.experience.update(
  {
    signUp: { identifiers: ['phone'], password: false, verify: true },
    signIn: {
      methods: [{ identifier: 'phone', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  },
  { sms: true, email: false },
)
const { id } = await app.applications.create({
  name: 'Shop',
  type: 'SPA',
  oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: [] },
})
handle = app.publicHandler

process.on('message', async ({ users }: { users?: [number, number] }) => {
  if (users) {
    const [first, count] = users
    const numbers = Array.from({ length: count }, (_, nth) => String(first + nth))
    await Promise.all(numbers.map(primaryPhone => app.users.create({ primaryPhone })))
    process.send!({ made: count })
    return
  }
  const { user, system } = process.cpuUsage()
  process.send!({ cpuSeconds: (user + system) / 1e6 })
})
process.on('disconnect', () => process.exit())
process.send!({ origin, applicationId: id, callback: CALLBACK })
