import { randomBytes } from 'node:crypto'
import type { Connector } from '@countersign/kit'

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

/** Our connector, sending as the server does. */
export async function ours(name: ConnectorName): Promise<Send> {
  const { connectors } = await import('@countersign/connectors')
  const { realFetch } = await import('../../packages/server/src/outside.ts')
  const connector = connectors.find(each => each.id === name) as Connector
  const world = { fetch: realFetch, now: Date.now, random: randomBytes, deadline: 8000 }
  let count = 0
  return async () => {
    const message = {
      to: recipientOf(name),
      usageType: 'Generic',
      payload: { code: CODE },
      attemptId: `attempt-${++count}`,
    } as const
    await connector.send(message, SETTINGS[name] as never, world)
  }
}

/** The published connector of Logto, by its public contract. */
export async function logto(name: ConnectorName): Promise<Send> {
  const { default: createConnector } = await import(`@logto/connector-${name}`)
  const connector = await createConnector({ getConfig: async () => SETTINGS[name] })
  return () => connector.sendMessage({ to: recipientOf(name), type: 'Generic', payload: { code: CODE } })
}

/** The bytes that ours sends, with nothing around them. */
export async function bare(name: ConnectorName): Promise<Send> {
  const { connectors } = await import('@countersign/connectors')
  const { Agent, request } = await import('undici')
  const connector = connectors.find(each => each.id === name) as Connector
  let recorded: { url: string; headers: Record<string, string>; body?: string } | undefined
  const message = {
    to: recipientOf(name),
    usageType: 'Generic',
    payload: { code: CODE },
    attemptId: 'attempt-1',
  } as const
  const fetch = async (url: string, init: { headers: Record<string, string>; body?: string }) => {
    recorded = { url, headers: init.headers, ...(init.body !== undefined && { body: init.body }) }
    throw new Error('recorded')
  }
  await connector
    .send(message, SETTINGS[name] as never, { fetch, now: Date.now, random: randomBytes, deadline: 8000 })
    .catch(() => {})
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
