import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../packages/server/src/app.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { realWorld } from '../../packages/server/src/world.ts'
import { SETTINGS } from '../connectors/senders.ts'
import { reportCpu } from './server-process.ts'

/** Our server, with a provider that accepts at once and tells the load generator the code. */
const [, , folder] = process.argv as [string, string, string]
const CLIENT = { id: 'bench', secret: 'Vn4xQe9LtB7kRw2ZsC6mHd8p' }

const config = readConfig({
  CLOUDS: 'real',
  DATA_DIR: folder,
  BOOTSTRAP_CLIENT_ID: CLIENT.id,
  BOOTSTRAP_CLIENT_SECRET: CLIENT.secret,
})
const accepted = Buffer.from(
  '{"Message":"OK","RequestId":"0A974B78","Code":"OK","BizId":"873409715350483226^0"}',
)
const body = {
  async *[Symbol.asyncIterator]() {
    yield accepted
  },
}
const world = realWorld(
  async url => {
    const query = new URL(url).searchParams
    const { code } = JSON.parse(query.get('TemplateParam')!)
    process.send!({ to: query.get('PhoneNumbers'), code })
    return { status: 200, headers: { get: () => null }, body }
  },
  // The log is written as in service; it goes to nobody.
  line => void process.stderr.write(`${line}\n`),
)
const app = await createApp(config, world)
const connector = (await import('@countersign/connectors')).aliyunSms
await app.connections.save({ connector: connector as never, config: SETTINGS['aliyun-sms'] })

const server = createServer(app.publicHandler)
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const answer = await fetch(`${origin}/oidc/token`, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}` },
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    resource: 'https://default.logto.app/api',
    scope: 'all',
  }),
})
const { access_token } = (await answer.json()) as { access_token: string }

reportCpu()
process.send!({
  origin,
  headers: { authorization: `Bearer ${access_token}` },
  ask: { path: '/api/verification-codes', phone: 'phone' },
  check: { path: '/api/verification-codes/verify', phone: 'phone', code: 'verificationCode' },
})
