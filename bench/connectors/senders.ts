import { randomBytes } from 'node:crypto'
import type { Connector, Message, SendWorld } from '@countersign/kit'

/** Sends one message, or throws. */
export type Send = () => Promise<void>

export const CONNECTORS = ['aliyun-sms', 'aliyun-dm', 'tencent-sms'] as const
export type ConnectorName = (typeof CONNECTORS)[number]

const ACCESS = { accessKeyId: 'LTAI5tExampleAccessKey', accessKeySecret: 'example-access-key-secret-0000' }
export const PHONE = '8613800138000'
export const MAIL = 'ada.lovelace@example.com'
export const SUBJECT = 'Your verification code'
export const CONTENT =
  '<div style="font-family:sans-serif"><h1>Example</h1><p>Your verification code is <b>{{code}}</b>. It expires in ten minutes.</p><p>If you did not ask for it, ignore this mail.</p></div>'
export const CODE = '246810'

const sms = (templateCode: string) => ({
  templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
    usageType,
    templateCode,
  })),
})

/** One configuration for all: its names are ours and Logto's alike. */
export const SETTINGS: Record<ConnectorName, Record<string, unknown>> = {
  'aliyun-sms': {
    ...ACCESS,
    signName: '示例应用',
    strictPhoneRegionNumberCheck: false,
    ...sms('SMS_154950909'),
  },
  'aliyun-dm': {
    ...ACCESS,
    region: 'cn-hangzhou',
    accountName: 'noreply@mail.example.com',
    fromAlias: 'Example',
    templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
      usageType,
      subject: SUBJECT,
      content: CONTENT,
    })),
  },
  'tencent-sms': {
    ...ACCESS,
    signName: '示例应用',
    sdkAppId: '1400006666',
    region: 'ap-guangzhou',
    ...sms('1110'),
  },
}

export const recipientOf = (name: ConnectorName) => (name === 'aliyun-dm' ? MAIL : PHONE)

/** Our connector with its settings parsed, as the server has it when it sends. */
async function prepared(name: ConnectorName) {
  const { connectors } = await import('@countersign/connectors')
  const { settingsSchema } = await import('@countersign/kit')
  const connector = connectors.find(each => each.id === name) as Connector
  const settings = settingsSchema(connector.settings).parse(SETTINGS[name])
  return (world: SendWorld, attemptId: string) => {
    const to = recipientOf(name)
    const message: Message = { to, usageType: 'Generic', payload: { code: CODE }, attemptId }
    return connector.send(message, settings, world)
  }
}

/** Our connector, over the server's own network. */
export async function ours(name: ConnectorName): Promise<Send> {
  const { realFetch } = await import('../../packages/server/src/outside.ts')
  const { realWorld } = await import('../../packages/server/src/world.ts')
  const { fetch, now, random } = realWorld(realFetch, () => {})
  const send = await prepared(name)
  const world = { fetch, now, random, deadline: 8000 }
  let count = 0
  return async () => void (await send(world, `attempt-${++count}`))
}

/** The published connector of Logto, by its public contract. */
export async function logto(name: ConnectorName): Promise<Send> {
  const { default: createConnector } = await import(`@logto/connector-${name}`)
  const connector = await createConnector({ getConfig: async () => SETTINGS[name] })
  return () => connector.sendMessage({ to: recipientOf(name), type: 'Generic', payload: { code: CODE } })
}

/** The bytes that ours sends, with nothing around them. */
export async function bare(name: ConnectorName): Promise<Send> {
  const { Agent, request } = await import('undici')
  const send = await prepared(name)
  let recorded: { url: string; headers: Record<string, string>; body?: string } | undefined
  const fetch: SendWorld['fetch'] = async (url, { headers, body }) => {
    recorded = { url, headers, ...(body !== undefined && { body }) }
    throw new Error('recorded')
  }
  await send({ fetch, now: Date.now, random: randomBytes, deadline: 8000 }, 'attempt-1').catch(() => {})
  const { url, headers, body } = recorded!
  const dispatcher = new Agent({ keepAliveTimeout: 30_000 })
  return async () => {
    const answer = await request(url, {
      method: 'POST',
      headers,
      dispatcher,
      ...(body !== undefined && { body }),
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200 || text === '') throw new Error(`HTTP ${answer.statusCode}`)
  }
}
